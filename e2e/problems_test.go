package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// loud are the console calls that a page makes when something is wrong.
var loud = []runtime.ConsoleAPICalledType{
	runtime.ConsoleAPICalledTypeError, runtime.ConsoleAPICalledTypeWarning, runtime.ConsoleAPICalledTypeAssert,
}

// problems collects what a page complains of, in the order in which it happened.
type problems struct {
	mu       sync.Mutex
	urls     map[network.RequestID]string
	expected []string
	found    []string
	accept   func() // closes a dialog
}

// listen starts collecting on the tab of ctx.
func (p *problems) listen(ctx context.Context) error {
	p.urls = map[network.RequestID]string{}
	p.accept = func() {
		chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
			_, err := cdp.Call(ctx, t, cdppage.HandleJavaScriptDialog, cdppage.HandleJavaScriptDialogParams{Accept: true})
			return err
		}))
	}
	if err := chromedp.Listen(ctx, p.event); err != nil {
		return err
	}
	return chromedp.Do(ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
		return err
	}))
}

func (p *problems) event(ev any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := ev.(type) {
	case *runtime.EventConsoleAPICalled:
		if slices.Contains(loud, e.Type) {
			p.add("console %s: %s", e.Type, consoleText(e.Args))
		}
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if x := e.ExceptionDetails.Exception; x != nil && x.Description != "" {
			text = x.Description
		}
		p.add("exception: %s", text)
	case *log.EventEntryAdded:
		// Failed requests come with more detail from the network domain, below.
		if l := e.Entry.Level; (l == log.EntryLevelError || l == log.EntryLevelWarning) && e.Entry.Source != log.EntrySourceNetwork {
			p.add("browser %s (%s): %s %s", l, e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *cdppage.EventJavascriptDialogOpening:
		p.add("dialog (%s): %s", e.Type, e.Message)
		go p.accept() // an open dialog stops everything else
	case *network.EventRequestWillBeSent:
		p.urls[e.RequestID] = e.Request.Method + " " + e.Request.URL
		for _, sent := range e.Request.PostDataEntries {
			p.urls[e.RequestID] += " " + string(sent.Bytes)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			p.add("request answered %d: %s", e.Response.Status, p.urls[e.RequestID])
		}
	case *network.EventLoadingFailed:
		// A page may cancel its own requests: it closes a stream, or leaves while an image loads.
		if !e.Canceled {
			p.add("request failed: %s: %s %s", p.urls[e.RequestID], e.ErrorText, e.BlockedReason)
		}
	}
}

func (p *problems) add(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.ContainsFunc(p.expected, func(part string) bool { return strings.Contains(text, part) }) {
		p.found = append(p.found, text)
	}
}

// expect lets problems pass whose text contains part.
func (p *problems) expect(part string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.expected = append(p.expected, part)
}

// take returns what was found since the last call.
func (p *problems) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	found := p.found
	p.found = nil
	return found
}

func consoleText(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if a.Description != "" {
			words = append(words, a.Description)
		} else {
			words = append(words, strings.Trim(string(a.Value), `"`))
		}
	}
	return strings.Join(words, " ")
}
