// The lab that a class looks at, in a frame. It follows what the teacher shows, until the student tries something; one key
// leads back. On the teacher's own page it is the other way about: what is set in the frame is what the class sees.

/** The frame of a page. `stop` is what is on stage; `show` and `run` are called on the
 * teacher's page, `key` for keys that are pressed in the frame, `branch` when a student tries something of their own, and when they come back. */
export function labFrame(main, { role, stop, show, run, key, branch: tell = () => {} }) {
  const section = main.querySelector('[data-lab-frame]'), frame = section.querySelector('iframe'), branch = main.querySelector('[data-branched]');
  let wanted = section.dataset.lab, runs = +section.dataset.runs, ran = 0, branched = false;
  const steers = role === 'remote' || role === 'editor'; // what is set in the frame is what is shown
  let first = true; // nothing has been loaded yet
  let hand = false, unsent = null, pushing = false; // the teacher's hand was in the frame; what the class is to be told; something is on its way

  const ready = () => { try { return frame.contentDocument?.querySelector('[data-lab-form]') ?? null; } catch { return null; } };
  /** Loads a lab in place of the one before: a lab is no page to go back to. */
  const load = lab => frame.contentWindow.location.replace(lab);
  const here = () => { const { pathname, search } = frame.contentWindow.location; return pathname + search; };
  /** A lab of the frame, as a page of its own. */
  function page(lab = here()) {
    const url = new URL(lab, location.href);
    url.searchParams.delete('controls');
    return url.pathname.replace('/embed/', '/labs/') + url.search;
  }
  const sameLab = (a, b) => a.split('?')[0] === b.split('?')[0];
  const same = (a, b) => sameLab(a, b) && String(sorted(a)) === String(sorted(b));
  const sorted = path => { const q = new URLSearchParams(path.split('?')[1]); q.sort(); return q; };

  /** Shows a lab in a state; "" for none. Runs is how often the teacher has started it. Back is whether the reader comes back from
   * something else: the frame is then loaded anew, since it may be on its way elsewhere. */
  function follow(lab, times, back = false) {
    const again = times > runs, before = wanted;
    [wanted, runs] = [lab, times];
    section.hidden = !lab && !branched;
    if (branched || !lab || pushing) return; // what is on its way is newer than this
    const form = ready();
    if (back || !form || !sameLab(here(), lab)) load(lab);
    else if (!same(here(), lab)) {
      if (hand && !again && before && !same(here(), before)) return; // under the teacher's hand: the class is told when it is drawn
      if (form.closest('[data-at-once]')) set(form, new URLSearchParams(lab.split('?')[1]));
      else load(lab);
    } else if (again) play();
  }

  /** Sets the controls of a lab that is drawn at once: quicker than loading the page. */
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
    tell();
  }

  /** Back to what the class looks at. */
  function comeBack() {
    if (!branched) return;
    branched = false;
    branch.hidden = true;
    tell();
    follow(wanted, runs, true);
    if (document.activeElement === frame || branch.contains(document.activeElement)) main.querySelector('h1')?.focus();
  }

  /** Tells the class what the teacher has set: one state at a time, the newest next. */
  async function push(lab) {
    unsent = { lab, stop: stop() };
    if (pushing) return;
    pushing = true;
    while (unsent) {
      const sent = unsent;
      [unsent, wanted] = [null, sent.lab];
      await show(page(sent.lab), sent.stop);
    }
    pushing = false;
    follow(wanted, runs);
  }

  /** The lab has drawn a state. */
  function drawn(query) {
    const url = new URL(frame.contentWindow.location), controls = url.searchParams.get('controls');
    url.search = query;
    if (controls !== null) url.searchParams.set('controls', controls);
    const lab = url.pathname + url.search;
    if (hand && !same(lab, unsent?.lab ?? wanted)) push(lab);
    hand = false;
  }

  frame.addEventListener('load', () => {
    const doc = frame.contentDocument, form = ready();
    if (!doc?.body) return;
    if (first && form && wanted && !branched && !same(here(), wanted)) { // a browser brings a frame back as it was left
      first = false;
      load(wanted);
      return;
    }
    first = false;
    look();
    fit();
    doc.documentElement.style.background = 'var(--paper)'; // a frame of another colour scheme than its page would be opaque black
    hand = false;
    doc.addEventListener('drawn', event => { if (steers) drawn(event.detail); });
    for (const event of ['input', 'click', 'keydown']) doc.addEventListener(event, ({ isTrusted }) => { if (isTrusted) hand = true; }, true);
    doc.addEventListener('input', event => { if (event.isTrusted) branchOff(); });
    doc.addEventListener('click', event => {
      const button = event.isTrusted && !event.target.closest('a[href]') && event.target.closest('[data-act]');
      if (!button) return;
      if (role === 'remote' && button.dataset.act === 'run' && !button.hasAttribute('data-running')) {
        event.stopPropagation();
        run();
      } else branchOff();
    }, true);
    frame.contentWindow.addEventListener('click', event => { // after the lab's own scripts
      const link = event.isTrusted && event.target.closest('a[href]');
      if (!link) return;
      if (event.defaultPrevented) { // the lab has done at once what it leads to
        branchOff();
        return;
      }
      event.preventDefault(); // the frame's links would take the whole page along
      const to = new URL(link.href);
      if (link.hasAttribute('data-whole-lab') || !to.pathname.startsWith('/labs/')) { window.open(to); return; }
      load(to.pathname.replace('/labs/', '/embed/') + to.search);
      if (steers) frame.addEventListener('load', () => push(here()), { once: true }); else branchOff();
    });
    frame.contentWindow.addEventListener('keydown', event => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches?.('input, select, textarea')) return;
      if (steers || !key(event)) { if (event.isTrusted && role === 'student') branchOff(); return; }
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
    if (form && runs > ran && !branched) play();
  });

  /** Makes the frame as high as the lab in it. On the wall, where nobody scrolls, the frame fills what is left, and a lab that is
   * higher is drawn smaller, down to what the last row can still read; what the presenter enlarges is larger all the same. */
  function fit() {
    const { body, documentElement: root } = frame.contentDocument;
    const size = role === 'projector' ? () => {
      const zoom = root.dataset.zoom;
      root.dataset.zoom = '0';
      body.style.removeProperty('--fit');
      const share = frame.clientHeight / root.scrollHeight;
      root.dataset.zoom = zoom;
      if (share < 1) body.style.setProperty('--fit', Math.max(share, Math.min(1, innerWidth / 1920)));
    } : () => { frame.style.height = `${Math.ceil(body.getBoundingClientRect().height) + 8}px`; };
    const changes = new ResizeObserver(size);
    changes.observe(body);
    if (role === 'projector') changes.observe(frame);
    size();
  }

  if (ready()) frame.dispatchEvent(new Event('load')); // it was quicker than this script
  return { follow, look, comeBack, branched: () => branched, path: () => (ready() ? page() : '') };
}
