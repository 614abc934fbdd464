// The chain lab: drawn anew while a handle moves.
import { mount } from './chart.js';
import { follow } from './lab.js';

mount();
follow('/labs/chain/board');
