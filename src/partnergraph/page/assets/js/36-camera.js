// The camera over the map: what of it is in sight, moved and zoomed by mouse, fingers and keys.
const CAMERA = { x: 0, y: 0, scale: 1 };
const SCALES = [0.03, 8];
const BESIDE = 6; // so many pixels beside a line or a shape still point at it
const MARGIN = 44;
const STILL = 4; // so far a finger may slip and it is still a tap

let fitLater = false;
let cameraOf = ""; // what the camera was set up for
let frameAsked = 0;
let snapshot = null; // the picture that a movement of a crowded map shows
let gliding = 0;

const mapBox = () => ({ width: byId("map").clientWidth, height: byId("map").clientHeight });
const cornerAt = ({ x, y, scale }, { width, height }) => ({
  x: x - width / 2 / scale,
  y: y - height / 2 / scale,
});
const cameraKey = () =>
  `${S.view === "table" ? "map" : S.view} ${S.scope} ${S.scope === "ego" ? S.entity : ""} ${(S.houses || S.days || "").length}`;

function toScreen([x, y]) {
  const corner = cornerAt(CAMERA, mapBox());
  return { x: (x - corner.x) * CAMERA.scale, y: (y - corner.y) * CAMERA.scale };
}

function toMap({ x, y }) {
  const corner = cornerAt(CAMERA, mapBox());
  return [corner.x + x / CAMERA.scale, corner.y + y / CAMERA.scale];
}

function redraw() {
  if (frameAsked) return;
  frameAsked = requestAnimationFrame(() => {
    frameAsked = 0;
    paintMap();
  });
}

function paintMap() {
  const box = mapBox();
  if (!box.width) return;
  const canvas = byId("canvas");
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [width, height] = [Math.round(box.width * ratio), Math.round(box.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (snapshot) {
    drawSnapshot(context, box, ratio);
    return;
  }
  drawMarks(context, pictureMarks(windowNow()), { ...windowNow(), ratio });
}

// What of the map is in sight.
function windowNow() {
  const box = mapBox();
  return { ...box, scale: CAMERA.scale, corner: cornerAt(CAMERA, box), blocked: [buttonsBox()] };
}

// While a crowded map moves, the picture that was drawn last moves.
function drawSnapshot(context, box, ratio) {
  const { picture, camera } = snapshot;
  const [was, now] = [cornerAt(camera, box), cornerAt(CAMERA, box)];
  const factor = CAMERA.scale / camera.scale;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.fillStyle = ink("page");
  context.fillRect(0, 0, box.width * ratio, box.height * ratio);
  const [dx, dy] = [(was.x - now.x) * CAMERA.scale * ratio, (was.y - now.y) * CAMERA.scale * ratio];
  context.drawImage(picture, dx, dy, picture.width * factor, picture.height * factor);
}

let settle = 0;

function moved() {
  const crowded = !scene && V.edges.size > MANY_LINES;
  if (crowded && !snapshot) {
    const picture = document.createElement("canvas");
    const canvas = byId("canvas");
    Object.assign(picture, { width: canvas.width, height: canvas.height });
    picture.getContext("2d").drawImage(canvas, 0, 0);
    snapshot = { picture, camera: { ...SHOWN } };
  }
  Object.assign(SHOWN, CAMERA);
  clearTimeout(settle);
  settle = setTimeout(() => {
    snapshot = null;
    redraw();
    S.zoom = [CAMERA.x, CAMERA.y, CAMERA.scale].map((value, at) => Number(value.toFixed(at === 2 ? 3 : 1)));
    writeAddress(true);
  }, 160);
  redraw();
}

const SHOWN = { ...CAMERA };

function moveCamera({ x = CAMERA.x, y = CAMERA.y, scale = CAMERA.scale }, animated) {
  cancelAnimationFrame(gliding);
  const goal = { x, y, scale: Math.min(SCALES[1], Math.max(SCALES[0], scale)) };
  if (!animated || calm.matches) {
    Object.assign(CAMERA, goal);
    redraw();
    return;
  }
  const from = { ...CAMERA };
  const start = performance.now();
  const glide = (now) => {
    const share = Math.min(1, (now - start) / 280);
    const eased = 1 - (1 - share) ** 2;
    for (const name of ["x", "y", "scale"]) CAMERA[name] = from[name] + (goal[name] - from[name]) * eased;
    moved();
    if (share < 1) gliding = requestAnimationFrame(glide);
  };
  gliding = requestAnimationFrame(glide);
}

// Where the camera has to stand so that everything is in sight.
// `beside` is how much of the left a story takes, `buttons` how much of the right those that lie over it.
function fitted({ width: whole, height }, beside = 0, buttons = 0) {
  // Beside the buttons over it there is less room; on a phone there is none to spare.
  const width = whole - beside - buttons - 2 * (narrow.matches ? (scene ? 4 : 0) : MARGIN);
  let scale = 1;
  let box = extent(scale);
  const most = scene ? (scene.most ?? 1.35) : 1.35;
  for (let round = 0; round < 4; round += 1) {
    scale = Math.max(
      SCALES[0],
      Math.min(width / (box.right - box.left), height / (box.bottom - box.top), most),
    );
    if (scene?.upright) scale = Math.max(SCALES[0], Math.min(width / (box.right - box.left), most));
    box = extent(scale);
  }
  const y =
    scene?.upright && (box.bottom - box.top) * scale > height
      ? box.top + height / 2 / scale
      : (box.top + box.bottom) / 2;
  return { x: (box.left + box.right) / 2 - (beside - buttons) / 2 / scale, y, scale };
}

function fitMap(animated = true) {
  const box = mapBox();
  fitLater = !box.width || !(scene ? scene.marks.length : V.nodes.size);
  if (fitLater) return;
  const first = cameraOf === "";
  cameraOf = cameraKey();
  if (first && S.zoom) moveCamera({ x: S.zoom[0], y: S.zoom[1], scale: S.zoom[2] });
  else {
    S.zoom = null;
    moveCamera(fitted(box, storyWidth(), scene?.buttons), animated);
  }
  Object.assign(SHOWN, CAMERA);
}

// Zooms about a point of the screen, or about the middle.
function zoom(factor, about, animated = true) {
  const { width, height } = mapBox();
  const at = about || { x: width / 2, y: height / 2 };
  const [x, y] = toMap(at);
  const scale = Math.min(SCALES[1], Math.max(SCALES[0], CAMERA.scale * factor));
  const goal = { x: x - (at.x - width / 2) / scale, y: y - (at.y - height / 2) / scale, scale };
  if (animated) {
    moveCamera(goal, true);
    return;
  }
  Object.assign(CAMERA, goal);
  moved();
}

// Brings an entity into sight if it is not.
function reveal(id) {
  if (!V.nodes.has(id) || S.view !== "map") return;
  const [x, y] = placeOf(id);
  const spot = toScreen([x, y]);
  const { width, height } = mapBox();
  const inside = spot.x > 40 && spot.y > 40 && spot.x < width - 40 && spot.y < height - 40;
  if (!inside) moveCamera({ x, y }, true);
}
