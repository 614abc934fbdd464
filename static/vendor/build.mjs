// Writes the committed third-party assets from the packages that package-lock.json pins.
//
//   npm ci --ignore-scripts && node build.mjs          into the tree
//   node build.mjs --out DIR                           into DIR, laid out like the repository (what CI compares)
//
// Outputs: echarts/, katex/ and fonts/ beside this file, axe.min.js under e2e/testdata. Everything is served from
// our own origin under `default-src 'self'`, so nothing here may need eval, inline script or another host.
import { build } from 'esbuild';
import subsetFont from 'subset-font';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
const flag = process.argv.indexOf('--out');
const root = flag > 0 ? path.resolve(process.argv[flag + 1]) : path.resolve(here, '../..');
const vendor = path.join(root, 'static/vendor');
const pkg = (...p) => path.join(here, 'node_modules', ...p);

async function fresh(name) {
  const dir = path.join(vendor, name);
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  return dir;
}

async function echarts() {
  const dir = await fresh('echarts');
  await build({
    entryPoints: [path.join(here, 'echarts-entry.js')],
    outfile: path.join(dir, 'echarts.min.js'),
    bundle: true, format: 'esm', minify: true, target: 'es2020', legalComments: 'none', logLevel: 'warning',
    banner: { js: '/* Apache ECharts (Apache-2.0) with zrender (BSD-3-Clause) and tslib (0BSD): see the licences beside this file. */' },
  });
  await cp(pkg('echarts/LICENSE'), path.join(dir, 'LICENSE'));
  await cp(pkg('echarts/NOTICE'), path.join(dir, 'NOTICE'));
  await cp(pkg('echarts/licenses/LICENSE-d3'), path.join(dir, 'LICENSE-d3'));
  await cp(pkg('zrender/LICENSE'), path.join(dir, 'LICENSE-zrender'));
  await cp(pkg('tslib/LICENSE.txt'), path.join(dir, 'LICENSE-tslib'));
}

// KaTeX's own UMD file is kept byte for byte: Go tests run that same file in a JavaScript engine without modules.
// katex.js gives it to ES modules.
async function katex() {
  const dir = await fresh('katex');
  await cp(pkg('katex/dist/katex.min.js'), path.join(dir, 'katex.min.js'));
  await writeFile(path.join(dir, 'katex.js'),
    "import './katex.min.js'; // registers itself as globalThis.katex\nexport default globalThis.katex;\n");
  const css = await readFile(pkg('katex/dist/katex.min.css'), 'utf8');
  const woff2 = css.replaceAll(/,url\([^)]+\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, '');
  await writeFile(path.join(dir, 'katex.min.css'), woff2);
  for (const [, name] of woff2.matchAll(/url\(fonts\/([^)]+\.woff2)\)/g)) {
    await cp(pkg('katex/dist/fonts', name), path.join(dir, 'fonts', name));
  }
  await cp(pkg('katex/LICENSE'), path.join(dir, 'LICENSE'));
}

// Characters that charts and verdicts need ("10⁻¹⁴", "∂L/∂w₁", "η ≤ 0.1") and that the Latin subsets lack. ¹²³ are
// Latin-1, but an exponent must come from one font: the math face is declared last and so wins for them.
const mathText = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎' +
  'αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ' +
  '∂∇∆∑∏√∞∫≈≠≤≥∝∈∉∅→←↔⇒⇐⇔↦′″‴ℓ⊙⊕⊗∗∘⋅⌊⌋';

const faces = [
  {
    family: 'Source Serif 4 Variable', weight: '200 900', pkg: '@fontsource-variable/source-serif-4',
    latin: { normal: 'source-serif-4-latin-wght-normal.woff2', italic: 'source-serif-4-latin-wght-italic.woff2' },
    full: 'source-serif/VAR/SourceSerif4Variable-Roman.ttf', math: 'source-serif-4-math-wght-normal.woff2',
    licence: 'LICENSE-source-serif-4',
  },
  {
    family: 'Inter Variable', weight: '100 900', pkg: '@fontsource-variable/inter',
    latin: { normal: 'inter-latin-wght-normal.woff2' },
    full: 'inter-ui/variable/InterVariable.woff2', math: 'inter-math-wght-normal.woff2',
    licence: 'LICENSE-inter',
  },
];

const unicodeRange = (text) => [...new Set(text)].map((c) => c.codePointAt(0)).sort((a, b) => a - b)
  .map((c) => 'U+' + c.toString(16).toUpperCase().padStart(4, '0')).join(',');

const fontFace = (family, weight, style, file, range) => `@font-face {
  font-family: '${family}';
  font-style: ${style};
  font-weight: ${weight};
  font-display: swap;
  src: url(${file}) format('woff2');
  unicode-range: ${range};
}
`;

async function fonts() {
  const dir = await fresh('fonts');
  let css = '/* Written by build.mjs. Source Serif 4 and Inter, both under the SIL Open Font License 1.1. */\n';
  for (const f of faces) {
    const ranges = JSON.parse(await readFile(pkg(f.pkg, 'unicode.json'), 'utf8'));
    for (const [style, file] of Object.entries(f.latin)) {
      await cp(pkg(f.pkg, 'files', file), path.join(dir, file));
      css += fontFace(f.family, f.weight, style, file, ranges.latin);
    }
    // opsz 14 is the optical size that the Latin files are cut at.
    const math = await subsetFont(await readFile(pkg(f.full)), mathText, { targetFormat: 'woff2', variationAxes: { opsz: 14 } });
    await writeFile(path.join(dir, f.math), math);
    css += fontFace(f.family, f.weight, 'normal', f.math, unicodeRange(mathText));
    await cp(pkg(f.pkg, 'LICENSE'), path.join(dir, f.licence));
  }
  await writeFile(path.join(dir, 'fonts.css'), css);
}

async function axe() {
  const dir = path.join(root, 'e2e/testdata');
  await mkdir(dir, { recursive: true });
  await cp(pkg('axe-core/axe.min.js'), path.join(dir, 'axe.min.js'));
  await cp(pkg('axe-core/LICENSE'), path.join(dir, 'axe.LICENSE'));
}

await Promise.all([echarts(), katex(), fonts(), axe()]);
