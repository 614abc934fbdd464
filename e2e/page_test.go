package e2e

import (
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

// Waiting ends with a failure after patience; a page that works takes a small part of it even on a loaded machine.
const (
	patience  = 20 * time.Second
	testLimit = 3 * time.Minute
)

// A page is one tab with a profile of its own, on a server of ours. Its methods fail the test when they cannot do
// what they say.
type page struct {
	t        testing.TB
	ctx      context.Context
	base     string
	problems *problems
}

// open serves h on a loopback port and opens a tab of 1280 × 900 pixels in the light theme, without motion.
// The path is loaded, and everything that the page complains of until the test ends fails it.
func open(t testing.TB, h http.Handler, path string) *page {
	t.Helper()
	parent := browser(t)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	ctx, closeTab := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(closeTab)
	ctx, stop := context.WithTimeout(ctx, testLimit)
	t.Cleanup(stop)
	p := &page{t: t, ctx: ctx, base: server.URL, problems: &problems{}}
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
	chromedp.Run(p.ctx, chromedp.Evaluate[int]("0"))
	for _, problem := range p.problems.take() {
		p.t.Errorf("the page complains: %s", problem)
	}
	if dir := os.Getenv("GRADLAB_SHOTS"); dir != "" && p.t.Failed() {
		p.shoot(filepath.Join(dir, "failed-"+strings.ReplaceAll(p.t.Name(), "/", "-")+".png"))
	}
}

// do runs actions of package chromedp in order.
func (p *page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		p.t.Fatalf("%s: %v", p.where(), err)
	}
}

// where names the current page in a failure.
func (p *page) where() string {
	url, err := chromedp.Run(p.ctx, chromedp.Location())
	if err != nil {
		return "the page"
	}
	return strings.TrimPrefix(url, p.base)
}

// visit loads a path of the server and waits until its scripts and fonts are in.
func (p *page) visit(path string) {
	p.t.Helper()
	p.do(chromedp.Navigate(p.base + path))
	eval[bool](p, `document.fonts.ready.then(() => true)`)
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

// media sets a media feature such as prefers-color-scheme; the others return to their defaults.
func (p *page) media(name, value string) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: name, Value: value}},
		})
		return err
	}))
}

// scripts turns the page's own scripts on or off, from the next visit on.
func (p *page) scripts(on bool) {
	p.t.Helper()
	p.do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
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
	v, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.t.Fatalf("%s: evaluate %s: %v", p.where(), shorten(expression), err)
	}
	return v
}

// until waits for a JavaScript expression to be true, across page loads, too.
func (p *page) until(what, expression string) {
	p.t.Helper()
	var last error
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")", chromedp.EvalAwaitPromise))
		if ok {
			return
		}
		last = err // a page that is being replaced cannot answer
	}
	p.t.Fatalf("%s: %s did not happen in %v (%s; last error %v)", p.where(), what, patience, shorten(expression), last)
}

// text returns the text of the first element that a CSS selector matches, as shown.
func (p *page) text(selector string) string {
	p.t.Helper()
	return strings.TrimSpace(eval[string](p, fmt.Sprintf("document.querySelector(%q).innerText", selector)))
}

// click clicks the first visible element that a CSS selector matches.
func (p *page) click(selector string) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible)); err != nil {
		p.t.Fatalf("%s: click %s: %v", p.where(), selector, err)
	}
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

// focused describes the element that has the focus: `button "Run"`.
func (p *page) focused() string {
	p.t.Helper()
	return eval[string](p, `(() => {
		const e = document.activeElement;
		const name = e.getAttribute('aria-label') || (e.labels && e.labels[0] && e.labels[0].innerText) || e.name || e.innerText || '';
		return e.tagName.toLowerCase() + (e.id ? '#' + e.id : '') + ' ' + JSON.stringify(name.trim().slice(0, 40));
	})()`)
}

// tabTo presses Tab until the focus is on an element that the CSS selector matches, as a reader without a mouse would.
func (p *page) tabTo(selector string) {
	p.t.Helper()
	var way []string
	for range 100 {
		p.press(kb.Tab)
		if eval[bool](p, fmt.Sprintf("document.activeElement.matches(%q)", selector)) {
			return
		}
		way = append(way, p.focused())
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
