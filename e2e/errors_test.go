package e2e

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"gradlab/classroom"
	"gradlab/handlers"
	"gradlab/handlers/web"
	"gradlab/store"
)

// sickClasses cannot be read, for whatever reason err is.
type sickClasses struct {
	*store.Store
	err error
}

func (s *sickClasses) ClassByCode(ctx context.Context, code string) (classroom.Class, error) {
	if s.err != nil {
		return classroom.Class{}, s.err
	}
	return s.Store.ClassByCode(ctx, code)
}

// What goes wrong is said in a sentence on a page as any other, in every look, without what no visitor may read; it leads back, and where another
// try may bring something else, to that.
func TestErrorPages(t *testing.T) {
	t.Parallel()
	sick := &sickClasses{}
	var code string
	p := open(t, siteOn(t, filepath.Join(t.TempDir(), "a.db"), func(c *handlers.Config, s *store.Store) {
		sick.Store = s
		c.Classes, code = sick, openQuestion(t, s, "Why?")
	}), "/about")
	for _, c := range []struct {
		status int
		err    error
		path   string // below the class
		says   string
		again  bool
	}{
		{403, nil, "/remote", "", false},
		{429, web.TooMany, "?a=1", "", true},
		{500, errors.New("secret: a bug of ours"), "", "The server could not do this.", true},
		{503, store.ErrUnavailable, "", "cannot reach its database", true},
		{503, store.ErrFull, "", "disk is full", true},
	} {
		sick.err = c.err
		p.problems.expect(fmt.Sprint(c.status))
		path := "/class/" + code + c.path
		for _, theme := range themes {
			p.cookie("theme", theme)
			for _, s := range sizes {
				p.size(s.width, s.height)
				p.visit(path)
				p.fits()
				p.accessible()
				p.shot(fmt.Sprintf("error-%d-%s-%d", c.status, theme, s.width))
			}
		}
		words := eval[string](p, `document.querySelector('main').innerText`)
		if !strings.Contains(words, c.says) || strings.Contains(words, "secret") || !strings.Contains(words, ".") || !strings.Contains(words, "Request ") {
			t.Errorf("%d says %q", c.status, words)
		}
		if back := eval[int](p, `[...document.querySelectorAll('main a')].filter((a) => a.pathname === '/').length`); back != 1 {
			t.Errorf("%d leads back %d times", c.status, back)
		}
		again := `[...document.querySelectorAll('main a')].find((a) => a.textContent === 'Try again')`
		if got := eval[bool](p, `!!(`+again+`)`); got != c.again {
			t.Errorf("%d offers to try again: %t", c.status, got)
		}
		if c.again {
			sick.err = nil
			eval[int](p, `((`+again+`).click(), 0)`)
			p.until("the class", `document.querySelector('form[action$="/join"]') && location.pathname + location.search === '`+path+`'`)
		}
	}
}
