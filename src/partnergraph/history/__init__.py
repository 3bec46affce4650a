"""What was published: releases as they were, what has changed since, and why."""
