// Boxes on the screen, found again by coarse cells: whether something would lie on something else.
const CELL = 48;
// Keeps the cells of the grid positive for what reaches a little out of sight.
const SHIFT = 2000;

const overlap = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

class Grid {
  constructor() {
    this.cells = new Map();
  }

  *near(box) {
    for (let i = Math.floor(box.left / CELL); i <= Math.floor(box.right / CELL); i += 1) {
      for (let j = Math.floor(box.top / CELL); j <= Math.floor(box.bottom / CELL); j += 1) yield i * 4096 + j;
    }
  }

  add(box) {
    for (const cell of this.near(box)) {
      if (!this.cells.has(cell)) this.cells.set(cell, new Set());
      this.cells.get(cell).add(box);
    }
  }

  remove(box) {
    for (const cell of this.near(box)) this.cells.get(cell).delete(box);
  }

  // What a box would lie on; a label may lie on its own entity.
  *under(box) {
    for (const cell of this.near(box)) {
      for (const there of this.cells.get(cell) || []) {
        if ((there.id !== box.id || there.text) && overlap(there, box)) yield there;
      }
    }
  }

  free(box, among = () => true) {
    for (const there of this.under(box)) if (among(there)) return false;
    return true;
  }
}
