// The lab that a class looks at, in a frame. It follows what the teacher shows, until the student tries something; one key
// leads back. On the teacher's own page it is the other way about: what is set in the frame is what the class sees.

/** The frame of a page. `show` and `run` are called on the teacher's page, `key` for keys that are pressed in the frame. */
export function labFrame(main, { role, show, run, key }) {
  const section = main.querySelector('[data-lab-frame]'), frame = section.querySelector('iframe'), branch = main.querySelector('[data-branched]');
  let wanted = section.dataset.lab, runs = +section.dataset.runs, ran = 0, branched = false, pushing = 0;

  const ready = () => { try { return frame.contentDocument?.querySelector('[data-lab-form]') ?? null; } catch { return null; } };
  const here = () => { const { pathname, search } = frame.contentWindow.location; return pathname + search; };
  /** What the frame shows, as a page of its own. */
  function page() {
    const url = new URL(frame.contentWindow.location);
    url.searchParams.delete('controls');
    return url.pathname.replace('/embed/', '/labs/') + url.search;
  }
  const sameLab = (a, b) => a.split('?')[0] === b.split('?')[0];
  const same = (a, b) => sameLab(a, b) && String(sorted(a)) === String(sorted(b));
  const sorted = path => { const q = new URLSearchParams(path.split('?')[1]); q.sort(); return q; };

  /** Shows a lab in a state; "" for none. Runs is how often the teacher has started it. Back is whether the reader comes back from
   * something else: the frame is then loaded anew, since it may be on its way elsewhere. */
  function follow(lab, times, back = false) {
    const again = times > runs;
    [wanted, runs] = [lab, times];
    section.hidden = !lab && !branched;
    if (branched || !lab) return;
    const form = ready();
    if (back || !form || !sameLab(here(), lab)) frame.src = lab;
    else if (!same(here(), lab)) {
      if (lab.startsWith('/embed/chain')) set(form, new URLSearchParams(lab.split('?')[1]));
      else frame.src = lab;
    } else if (again) play();
  }

  /** Sets the controls of the chain, which then draws itself anew: quicker than loading the page. */
  function set(form, query) {
    for (const field of form.querySelectorAll('[data-field]')) {
      const name = field.dataset.field, value = query.get(name) ?? field.dataset.default;
      const radio = [...field.querySelectorAll('input[type=radio]')].find(r => r.value === value);
      if (field.matches('.readout')) {
        field.querySelector('b').textContent = value.replace('-', '−');
        field.hidden = value === field.dataset.default;
      }
      if (radio) radio.checked = true;
      else for (const input of field.querySelectorAll(`[name="${name}"], [data-slider="${name}"]`)) input.value = value;
    }
    form.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** Starts the run, if the lab has one, from its first step. */
  function play() {
    ran = runs;
    const doc = frame.contentDocument, button = doc?.querySelector('[data-act=run]');
    if (!button || !runs) return;
    doc.querySelector('[data-act=reset]')?.click();
    button.click();
  }

  /** Gives the frame the look of the wall. */
  function look() {
    const root = frame.contentDocument?.documentElement;
    if (role !== 'projector' || !root) return;
    const before = root.dataset.theme + root.dataset.zoom;
    root.dataset.theme = 'projector';
    root.dataset.zoom = document.documentElement.dataset.zoom ?? '0';
    if (frame.contentDocument.body) frame.contentDocument.body.dataset.projected = '';
    if (before !== root.dataset.theme + root.dataset.zoom) frame.contentWindow.dispatchEvent(new Event('themechange'));
  }

  function branchOff() {
    if (role !== 'student' || branched) return;
    branched = true;
    if (branch) branch.hidden = false;
  }

  /** Back to what the class looks at. */
  function comeBack() {
    if (!branched) return;
    branched = false;
    branch.hidden = true;
    follow(wanted, runs, true);
    if (document.activeElement === frame || branch.contains(document.activeElement)) main.querySelector('h1')?.focus();
  }

  /** Tells the class what the teacher has set, when the handles rest for a moment. */
  function push() {
    clearTimeout(pushing);
    pushing = setTimeout(() => { if (!same(here(), wanted)) { wanted = here(); show(page()); } }, 250);
  }

  frame.addEventListener('load', () => {
    const doc = frame.contentDocument, form = ready();
    if (!doc?.body) return;
    look();
    fit();
    doc.documentElement.style.background = 'var(--paper)'; // a frame of another colour scheme than its page would be opaque black
    doc.addEventListener('input', event => {
      if (!event.isTrusted) return;
      if (role === 'remote') push(); else branchOff();
    });
    doc.addEventListener('click', event => {
      if (!event.isTrusted) return;
      const link = event.target.closest('a[href]'), button = event.target.closest('[data-act]');
      if (link) { // the frame's links would take the whole page along
        event.preventDefault();
        const to = new URL(link.href);
        if (link.hasAttribute('data-whole-lab') || !to.pathname.startsWith('/labs/')) { window.open(to); return; }
        frame.src = to.pathname.replace('/labs/', '/embed/') + to.search;
        if (role === 'remote') frame.addEventListener('load', push, { once: true }); else branchOff();
      } else if (button && role === 'remote' && button.dataset.act === 'run' && button.textContent.trim() === 'Run') {
        event.stopPropagation();
        run();
      } else if (button) branchOff();
    }, true);
    frame.contentWindow.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.('input, select, textarea')) return;
      if (role === 'remote' || !key(event.key)) { if (event.isTrusted && role === 'student') branchOff(); return; }
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    if (form && runs > ran && !branched) play();
  });

  /** Makes the frame as high as the lab in it; on the wall it fills what is left. */
  function fit() {
    const body = frame.contentDocument.body;
    if (role === 'projector') return;
    const height = () => { frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + 8}px`; };
    new ResizeObserver(height).observe(body);
    height();
  }

  if (ready()) frame.dispatchEvent(new Event('load')); // it was quicker than this script
  return { follow, look, comeBack, path: () => (ready() ? page() : '') };
}
