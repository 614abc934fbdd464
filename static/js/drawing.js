// Draws what a part of the page shows, its SVG and the words between, on a canvas: as it is laid out and coloured here and now.

/** Draws element, whose pixels are to stand on the pen's canvas from origin on, a rectangle of the page, at scale. */
export function drawOn(pen, element, origin, scale) {
  for (const at of element.querySelectorAll(':is(rect, circle, line, path, use, text)')) {
    if (at.closest('defs') || !at.getClientRects().length && !at.getBBox().width) continue;
    shape(pen, at, new DOMMatrix([scale, 0, 0, scale, -origin.left * scale, -origin.top * scale]).multiply(at.getScreenCTM()), scale);
  }
  const words = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const node = words.currentNode, at = node.parentElement, range = document.createRange();
    if (at.closest('svg') || !node.nodeValue.trim()) continue;
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect(), style = getComputedStyle(at);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    write(pen, node.nodeValue, style, style.color, (box.left - origin.left) * scale, (box.top + box.height / 2 - origin.top) * scale, scale * zoomOf(at), 'left', 'middle');
  }
  pen.setTransform(1, 0, 0, 1, 0, 0);
}

const zoomOf = at => at.currentCSSZoom ?? 1;

function write(pen, words, { fontWeight, fontSize, fontFamily, stroke, strokeWidth }, color, x, y, scale, align, baseline) {
  Object.assign(pen, { font: `${fontWeight} ${parseFloat(fontSize) * scale}px ${fontFamily}`, fillStyle: color, textAlign: align, textBaseline: baseline });
  if (stroke !== 'none') { // of the ground, around words that stand on bars
    pen.setLineDash([]);
    Object.assign(pen, { strokeStyle: stroke, lineWidth: parseFloat(strokeWidth) * scale, lineJoin: 'round' }).strokeText(words, x, y);
  }
  pen.fillText(words, x, y);
}

function shape(pen, at, matrix, scale) {
  const style = getComputedStyle(at), size = Math.sqrt(Math.abs(matrix.a * matrix.d));
  pen.globalAlpha = +style.opacity;
  if (at.nodeName === 'text') {
    const { x, y } = matrix.transformPoint({ x: at.x.baseVal[0]?.value ?? 0, y: at.y.baseVal[0]?.value ?? 0 });
    write(pen, at.textContent, style, style.fill, x, y, size, { middle: 'center', end: 'right' }[style.textAnchor] ?? 'left', 'alphabetic');
  } else {
    const path = new Path2D(), drawn = at.nodeName === 'use' ? document.querySelector(at.getAttribute('href')) : at, look = getComputedStyle(drawn);
    path.addPath(outline(drawn), matrix);
    pen.globalAlpha = +look.opacity;
    if (look.fill !== 'none') Object.assign(pen, { fillStyle: look.fill }).fill(path);
    if (look.stroke !== 'none') {
      const by = look.vectorEffect === 'non-scaling-stroke' ? scale * zoomOf(at) : size;
      pen.setLineDash(look.strokeDasharray === 'none' ? [] : look.strokeDasharray.split(',').map(length => parseFloat(length) * by));
      Object.assign(pen, { strokeStyle: look.stroke, lineWidth: parseFloat(look.strokeWidth) * by, lineCap: look.strokeLinecap }).stroke(path);
    }
  }
  pen.globalAlpha = 1;
}

/** The outline of an element in its own coordinates. */
function outline(at) {
  const path = new Path2D(at.getAttribute('d') ?? ''), { x, y, width, height } = at.getBBox();
  if (at.nodeName === 'rect') path.roundRect(x, y, width, height, parseFloat(getComputedStyle(at).rx) || 0);
  if (at.nodeName === 'circle') path.arc(x + width / 2, y + height / 2, width / 2, 0, 2 * Math.PI);
  if (at.nodeName === 'line') {
    path.moveTo(at.x1.baseVal.value, at.y1.baseVal.value);
    path.lineTo(at.x2.baseVal.value, at.y2.baseVal.value);
  }
  return path;
}
