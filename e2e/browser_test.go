package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browsers are as many Chromiums as there are tests at work side by side: each has one for itself, since what has the focus in one tab
// can take it from another. They start when they are wanted, and TestMain ends them.
var browsers struct {
	sync.Mutex
	all, free []*chromium
	of        map[string]*chromium // by the name of the test
}

// A chromium is a browser that runs; users are the calls for it by the test at work, whose last one gives it back.
type chromium struct {
	ctx    context.Context
	cancel func()
	users  int
}

func TestMain(m *testing.M) {
	browsers.of = map[string]*chromium{}
	code := m.Run()
	for _, b := range browsers.all {
		b.cancel()
	}
	os.Exit(code)
}

// findChromium returns the path of a Chromium, "" where there is none.
func findChromium() string {
	for _, name := range []string{os.Getenv("CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// browser returns the context of the browser that the test has for itself until it ends.
func browser(t testing.TB) context.Context {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser test: left out of -short")
	}
	path := findChromium()
	if path == "" {
		if os.Getenv("CI") == "true" {
			t.Fatal("no Chromium here, and CI never skips: `make test` installs it")
		}
		t.Skip("no Chromium here: `make test` installs it")
	}
	browsers.Lock()
	defer browsers.Unlock()
	name, _, _ := strings.Cut(t.Name(), "/")
	b := browsers.of[name]
	if b == nil {
		if n := len(browsers.free); n > 0 {
			b, browsers.free = browsers.free[n-1], browsers.free[:n-1]
		} else {
			b = start(t, path)
		}
		browsers.of[name] = b
	}
	b.users++
	t.Cleanup(func() {
		browsers.Lock()
		defer browsers.Unlock()
		if b.users--; b.users == 0 {
			delete(browsers.of, name)
			browsers.free = append(browsers.free, b)
		}
	})
	return b.ctx
}

// start starts a browser.
func start(t testing.TB, path string) *chromium {
	t.Helper()
	for try := 1; ; try++ { // a machine that is busy to the brim may kill one that starts
		ctx, cancel, err := startBrowser(path)
		if err == nil {
			b := &chromium{ctx: ctx, cancel: cancel}
			browsers.all = append(browsers.all, b)
			return b
		}
		if try == 3 {
			t.Fatalf("start %s: %v", path, err)
		}
	}
}

func startBrowser(path string) (context.Context, func(), error) {
	profile, err := os.MkdirTemp("", "gradlab-e2e-")
	if err != nil {
		return nil, nil, err
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(profile),
		chromedp.NoSandbox, // root cannot have the sandbox, and only our own pages are opened
		chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(time.Minute), // a busy machine takes its time to start it
		chromedp.Flag("headless", "new"),
		chromedp.Flag("force-device-scale-factor", "1"),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, closeBrowser := chromedp.NewContext(allocator)
	cancel := func() {
		closeBrowser()
		stop()
		os.RemoveAll(profile)
	}
	if err := chromedp.Do(ctx); err != nil {
		cancel()
		return nil, nil, fmt.Errorf("open a first tab: %w", err)
	}
	return ctx, cancel, nil
}
