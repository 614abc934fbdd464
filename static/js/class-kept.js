// The first page of classes lists what was typed in one and not handed in, since that class may be gone.
import { all, list } from './class-drafts.js';

const section = document.querySelector('[data-kept-texts]');
const show = () => list(section, all());
addEventListener('pageshow', show);
addEventListener('storage', show);
show();
