// The page of one's answers: selecting the private link, and forgetting.
import { all } from './class-drafts.js';

document.querySelector('[data-select]')?.addEventListener('focus', event => event.target.select());
addEventListener('storage', all); // what another page keeps at the moment of the deletion goes, too
