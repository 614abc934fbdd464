// The first page of classes, and that of a class which one was taken out of, lists what was typed in one and not handed in, since that class may be gone.
import { all, list } from './class-drafts.js';
import { mine } from './class-mine.js';

const section = document.querySelector('[data-kept-texts]');
const show = () => list(section, all().filter(({ base }) => base.startsWith('/class/')));
addEventListener('pageshow', show);
addEventListener('storage', show);
show();

const classes = document.querySelector('[data-my-classes]');
if (classes) for (const { code, title, teaches } of mine()) {
  const line = document.createElement('li');
  line.append(Object.assign(document.createElement('a'), { href: `/class/${code}${teaches ? '/remote' : ''}`, textContent: title }), ` · ${code.slice(0, 3)}-${code.slice(3)}${teaches ? ' · yours to teach' : ''}`);
  classes.querySelector('ul').append(line);
  classes.hidden = false;
}
