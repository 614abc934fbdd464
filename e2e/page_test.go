package e2e

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// What bounds a test. Waits are for conditions, so these matter in failure alone, and are generous: a page that works takes a
// small part of them even on a machine whose cores are busy with something else.
const (
	patience = 5 * time.Minute  // of each wait and each call to the browser
	lifetime = 40 * time.Minute // of each page, so that a test which waits again and again ends, too
)

// A page is one tab with a profile of its own, on a server of ours. Its methods fail the test when they cannot do
// what they say.
type page struct {
	t        testing.TB
	ctx      context.Context
	base     string
	problems *problems
	plain    bool // its scripts are off
	close    func()
}

// open serves h on a loopback port and opens a tab of 1280 × 900 pixels in the light theme, without motion.
// The path is loaded, and everything that the page complains of until the test ends fails it.
func open(t testing.TB, h http.Handler, path string) *page {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return openAt(t, server.URL, path)
}

// openAt opens a tab, in a profile of its own, on a server that runs at base.
func openAt(t testing.TB, base, path string) *page {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser(t), chromedp.WithNewBrowserContext())
	return ready(t, ctx, closeTab, base, path)
}

// tab opens another tab in the profile of a page.
func (p *page) tab(path string) *page {
	p.t.Helper()
	ctx, closeTab := chromedp.NewContext(p.ctx)
	return ready(p.t, ctx, closeTab, p.base, path)
}

func ready(t testing.TB, ctx context.Context, closeTab func(), base, path string) *page {
	t.Helper()
	t.Cleanup(closeTab)
	ctx, end := context.WithTimeout(ctx, lifetime)
	t.Cleanup(end)
	p := &page{t: t, ctx: ctx, base: base, problems: &problems{}, close: closeTab}
	if err := p.problems.listen(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	t.Cleanup(p.finish)
	p.size(1280, 900)
	p.media("prefers-reduced-motion", "reduce")
	p.visit(path)
	return p
}

// finish reports the problems, after a round trip that brings in those still under way.
func (p *page) finish() {
	attempt(p, chromedp.Evaluate[int]("0"))
	for _, problem := range p.problems.take() {
		p.t.Errorf("the page complains: %s", problem)
	}
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" && p.t.Failed() {
		p.shoot(filepath.Join(dir, "failed-"+strings.ReplaceAll(p.t.Name(), "/", "-")+".png"))
	}
}

// attempt runs an action of package chromedp, for patience at most.
func attempt[T any](p *page, a chromedp.Action[T]) (T, error) {
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	return chromedp.Run(ctx, a)
}

// do runs actions of package chromedp in order.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	for _, a := range actions {
		if _, err := attempt(p, a); err != nil {
			p.t.Fatalf("%s: %v", p.where(), err)
		}
	}
}

// where names the current page in a failure.
func (p *page) where() string {
	url, err := attempt(p, chromedp.Location())
	if err != nil {
		return "the page"
	}
	return strings.TrimPrefix(url, p.base)
}

// visit loads a path of the server and waits until its scripts and fonts are in.
func (p *page) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
	p.until("a whole page", `document.fonts.ready`)
}

// back returns to the path before, as the browser's own button does. Such a page may come whole, and not load again.
func (p *page) back(path string) {
	p.t.Helper()
	eval[int](p, "(setTimeout(() => history.back()), 0)")
	p.until(path, fmt.Sprintf("location.pathname === %q", path))
}

// size sets the viewport, in CSS pixels at scale 1. Below 600 pixels it is a phone with touch.
func (p *page) size(width, height int64) {
	p.t.Helper()
	if width < 600 {
		p.do(chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch, chromedp.EmulatePortrait))
	} else {
		p.do(chromedp.EmulateViewport(width, height))
	}
}

// media sets a media feature such as prefers-color-scheme. The others return to their defaults, but for motion, which is there only
// where a test asks for it.
func (p *page) media(name, value string) {
	p.t.Helper()
	p.emulate("", map[string]string{"prefers-reduced-motion": "reduce", name: value})
}

// paper shows pages as they are printed, or no longer.
func (p *page) paper(on bool) {
	p.t.Helper()
	p.emulate(map[bool]string{true: "print"}[on], map[string]string{"prefers-reduced-motion": "reduce"})
}

func (p *page) emulate(medium string, features map[string]string) {
	p.t.Helper()
	media := emulation.SetEmulatedMediaParams{Media: medium}
	for name, value := range features {
		media.Features = append(media.Features, &emulation.MediaFeature{Name: name, Value: value})
	}
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, media)
		return err
	}))
}

// scripts turns the page's own scripts on or off, from the next visit on.
func (p *page) scripts(on bool) {
	p.t.Helper()
	p.plain = !on
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
		return err
	}))
}

// offline cuts the page off from every server, or gives it its connection back.
func (p *page) offline(on bool) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Offline: on, DownloadThroughput: -1, UploadThroughput: -1}},
		})
		return err
	}))
}

// cold empties the cache: the page is visited for the first time.
func (p *page) cold() {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCache, cdp.Empty{})
		return err
	}))
}

// cookie sets a cookie for the server, as if a former visit had.
func (p *page) cookie(name, value string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: name, Value: value, URL: p.base})
		return err
	}))
}

// eval returns the value of a JavaScript expression, awaited if it is a promise.
func eval[T any](p *page, expression string) T {
	p.t.Helper()
	v, err := attempt(p, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: evaluate %s: %v", p.where(), shorten(expression), err)
	}
	return v
}

// until waits for a JavaScript expression, awaited if it is a promise, to be true on a page that has loaded, its scripts
// included. It waits across page loads, too.
func (p *page) until(what, expression string) {
	p.t.Helper()
	p.eventually(what, func() (bool, error) {
		return attempt(p, chromedp.Evaluate[bool](`(async () => document.readyState === 'complete' && !!(await (`+expression+`)))()`, chromedp.EvalAwaitPromise))
	})
}

// eventually waits for a condition to hold. An error is a reason to ask again: a page that is being replaced cannot answer.
func (p *page) eventually(what string, holds func() (bool, error)) {
	p.t.Helper()
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ok, err := holds()
		if ok {
			return
		}
		last = err
	}
	p.t.Fatalf("%s: %s: not after %v; last error %v", p.where(), what, patience, last)
}

// reads waits for the text of the first element that a CSS selector matches to contain words.
func (p *page) reads(selector, words string) {
	p.t.Helper()
	var text string
	holds := func() (ok bool, err error) {
		text, err = attempt(p, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector)))
		return strings.Contains(text, words), err
	}
	p.eventually(fmt.Sprintf("%s with %q", selector, words), holds)
}

// text returns the text of the first element that a CSS selector matches, as shown.
func (p *page) text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(eval[string](p, fmt.Sprintf("document.querySelector(%q).innerText", selector)))
}

// set gives a field a value, as if the reader had.
func (p *page) set(selector, value string) {
	p.t.Helper()
	eval[int](p, fmt.Sprintf(`(() => {
		const e = document.querySelector(%q);
		e.value = %q;
		e.dispatchEvent(new Event('input', { bubbles: true }));
		return 0;
	})()`, selector, value))
}

// press presses keys one after the other on whatever has the focus: letters, or names of package kb such as kb.Enter.
func (p *page) press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.do(chromedp.KeyEvent(k))
	}
}

// hold presses a key while modifiers are down.
func (p *page) hold(key string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key, chromedp.KeyModifiers(modifiers...)))
}

// active is the element that has the focus, within a frame where the focus is there.
const active = `(() => {
	let e = document.documentElement;
	for (let d = document, on; (on = d?.activeElement); d = on.contentDocument) e = on;
	return e ?? document.createElement('html'); // a page that is being replaced may have none
})()`

// named is a JavaScript function: an element as a failure speaks of it.
const named = `((e) => {
	const name = e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) || e.name || e.innerText || '';
	return e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + JSON.stringify(name.trim().slice(0, 40));
})`

// focused describes the element that has the focus: `button "Run"`.
func (p *page) focused() string {
	p.t.Helper()
	return eval[string](p, named+"("+active+")")
}

// tabTo presses Tab until the focus is on an element that the CSS selector matches, as a reader without a mouse would.
// "frame >> element" is an element within a frame. With Shift it goes backwards.
func (p *page) tabTo(selector string, modifiers ...chromedp.Modifier) {
	p.t.Helper()
	frame, element, framed := strings.Cut(selector, " >> ")
	if !framed {
		frame, element = "", selector
	}
	there := fmt.Sprintf(`((e) => (e.ownerDocument.defaultView.frameElement?.matches(%q) ?? %t) && e.matches(%q) ? '' : %s(e))(%s)`,
		cmp.Or(frame, "*"), !framed, element, named, active)
	var way []string
	for range 300 {
		p.hold(kb.Tab, modifiers...)
		at := eval[string](p, there)
		if at == "" {
			return
		}
		way = append(way, at)
	}
	p.t.Fatalf("%s: Tab never reaches %s; it went over %s", p.where(), selector, strings.Join(way, ", "))
}

func shorten(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 120 {
		s = s[:120] + "…"
	}
	return s
}
