package e2e

import (
	"os"
	"path/filepath"

	"github.com/chromedp/chromedp"
)

// shoot writes the whole page, not only what is in view, as a PNG file.
func (p *page) shoot(file string) {
	p.t.Helper()
	png, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Errorf("screenshot for %s: %v", file, err)
		return
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
