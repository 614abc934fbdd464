// Sets formulas: an element with data-tex is typeset by KaTeX, which is loaded when the first one appears.
const files = new URL('../vendor/katex/', import.meta.url);
let katex;

function load() {
  katex ??= new Promise((ready, failed) => {
    const sheet = document.createElement('link');
    Object.assign(sheet, { rel: 'stylesheet', href: new URL('katex.min.css', files).href });
    document.head.append(sheet);
    import(new URL('katex.js', files).href).then(module => ready(module.default), failed);
  });
  return katex;
}

/** Typesets every formula within an element that is not typeset yet. Until then, and if KaTeX fails, its words stand. */
export async function typeset(root) {
  const waiting = () => root.querySelectorAll('[data-tex]:not([data-set])');
  if (!waiting().length) return;
  const { render } = await load();
  for (const at of waiting()) {
    render('\\displaystyle ' + at.dataset.tex, at, { throwOnError: false });
    at.dataset.set = '';
  }
}
