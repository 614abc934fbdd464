// Changes of a drawing in place: what is in the old one and in the new one stays the same element, so that its change is cheap,
// and can be seen as a movement.

/** Makes the content of an element that of an HTML text, child by child in their order. */
export function morph(element, html) {
  const now = document.createElement('template');
  now.innerHTML = html;
  children(element, now.content);
}

function children(old, now) {
  const had = [...old.children], has = [...now.children];
  has.forEach((node, i) => {
    if (i >= had.length) old.append(node);
    else if (had[i].nodeName !== node.nodeName) had[i].replaceWith(node);
    else if (!had[i].isEqualNode(node)) become(had[i], node);
  });
  for (const more of had.slice(has.length)) more.remove();
}

function become(old, now) {
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if ([...old.childNodes, ...now.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim())) old.replaceChildren(...now.childNodes); // words do not move, they change
  else children(old, now);
}
