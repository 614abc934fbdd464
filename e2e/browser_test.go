package e2e

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browsers starts Chromium on first use and holds its context; TestMain ends it.
var browsers struct {
	start  sync.Once
	ctx    context.Context
	cancel func()
	err    error
}

func TestMain(m *testing.M) {
	code := m.Run()
	if browsers.cancel != nil {
		browsers.cancel()
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

// browser returns the context of the running browser, starting it if need be.
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
	browsers.start.Do(func() {
		for range 3 { // a machine that is busy to the brim may kill one that starts
			if browsers.ctx, browsers.cancel, browsers.err = startBrowser(path); browsers.err == nil {
				return
			}
		}
	})
	if browsers.err != nil {
		t.Fatalf("start %s: %v", path, browsers.err)
	}
	return browsers.ctx
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
