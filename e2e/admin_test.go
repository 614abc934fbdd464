package e2e

import (
	"fmt"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"gradlab/audit"
	"gradlab/classroom"
	"gradlab/handlers"
	"gradlab/homework"
	"gradlab/lti"
	"gradlab/plans"
	"gradlab/store"
)

// The operator gives the key, looks at what there is in every look, closes a class and deletes it by keyboard, reads the log, and leaves.
func TestOperatorWalk(t *testing.T) {
	t.Parallel()
	const key = "an operator’s key"
	h := siteOn(t, filepath.Join(t.TempDir(), "a.db"), func(c *handlers.Config, s *store.Store) {
		c.OperatorKey, c.Operated = key, s
		for i := range 3 {
			title := []string{"Deep nets, third lecture", "Residual networks and why anybody would want them, in a title that does not end soon", "Übung 4"}[i]
			stops := []classroom.Stop{{Kind: classroom.Ask, Title: "Why?"}}
			class, _, err := classroom.Open(title, stops, time.Now())
			if err == nil {
				err = s.CreateClass(t.Context(), class)
			}
			shelf, _ := plans.NewShelf()
			plan, made := plans.New(shelf.ID, title, nil, time.Now())
			if err != nil || made != nil || s.CreateShelf(t.Context(), shelf, plan) != nil {
				t.Fatal(err, made)
			}
			work, err := homework.New(shelf.ID, title, stops, "Europe/Berlin", time.Now())
			if err == nil && i > 0 {
				work, err = work.Set(time.Now())
			}
			if err == nil {
				err = s.CreateHomework(t.Context(), work)
			}
			if err != nil {
				t.Fatal(err)
			}
			s.Tell(t.Context(), audit.KeyUsed, "class "+class.ID, class.Code)
		}
		for _, name := range []string{"Moodle of the Faculty of Mathematics, Informatics and Natural Sciences", ""} {
			id := "lms" + strconv.Itoa(len(name))
			if _, err := s.SavePlatform(t.Context(), lti.Platform{ID: id, Issuer: "https://" + id + ".example.edu", ClientID: "gradient-lab-10000000000001", Name: name}); err != nil {
				t.Fatal(err)
			}
		}
	})
	p := open(t, h, "/admin")
	p.accessible()
	p.problems.expect("403")
	p.tabTo("#operator-key")
	p.press("wrong", kb.Enter)
	p.until("that it is the wrong key", `document.querySelector('#operator-key-error').textContent !== ''`)
	p.accessible()
	p.press(key, kb.Enter)
	p.until("the overview", `document.querySelector('.operator-facts')`)
	for _, page := range []string{"", "/classes", "/plans", "/homework", "/platforms", "/log"} {
		for _, theme := range themes {
			p.cookie("theme", theme)
			for _, s := range sizes {
				if theme != "light" && s.width == 1280 {
					continue
				}
				p.size(s.width, s.height)
				p.visit("/admin" + page)
				p.fits()
				p.accessible()
				p.shot(fmt.Sprintf("admin%.1s%s-%s-%d", "-", page[min(len(page), 1):], theme, s.width))
			}
		}
	}
	p.cookie("theme", "light")
	p.size(390, 844)
	p.visit("/admin/classes?q=lecture")
	p.tabTo(".operator-lines summary")
	p.press(kb.Enter)
	p.until("what can be done", `document.querySelector('.operator-lines details').open`)
	p.fits()
	p.accessible()
	p.shot("admin-classes-open")
	p.tabTo(`.operator-lines [value=close]`)
	p.press(kb.Enter)
	p.until("that it is closed", `/closed/.test(document.querySelector('.notice')?.textContent)`)
	p.visit("/admin/classes?q=lecture")
	p.click(".operator-lines summary")
	p.click(".operator-lines [name=sure]")
	p.click(".operator-lines form:has([name=sure]) button")
	p.until("that it is deleted", `/deleted/.test(document.querySelector('.notice')?.textContent) && document.querySelectorAll('.operator-lines > li').length === 2`)
	p.visit("/admin/classes?q=residual")
	p.click(".operator-lines summary")
	p.click(".operator-lines [value=key]")
	p.until("the new link", `/\/class\/.*\/key#/.test(document.querySelector('input.wide').value)`)
	p.accessible()
	p.shot("admin-key")
	p.visit("/admin/log?q=operator")
	p.until("what was done", `[...document.querySelectorAll('tbody th')].map((th) => th.textContent).join() === 'key replaced,class deleted,class closed,operator came'`)
	p.visit("/admin/homework?q=residual")
	p.tabTo(".operator-lines summary")
	p.press(kb.Enter)
	p.fits()
	p.accessible()
	p.shot("admin-homework-open")
	p.tabTo(`.operator-lines [value=close]`)
	p.press(kb.Enter)
	p.until("that the homework is closed", `/The homework is closed/.test(document.querySelector('.notice')?.textContent)`)
	p.visit("/admin/homework?q=residual")
	p.click(".operator-lines summary")
	p.click(".operator-lines [name=sure]")
	p.click(".operator-lines form:has([name=sure]) button")
	p.until("that the homework is deleted", `/homework was deleted/.test(document.querySelector('.notice')?.textContent) && document.querySelectorAll('.operator-lines > li').length === 2`)
	p.visit("/admin/platforms?q=moodle")
	p.tabTo(".operator-lines summary")
	p.press(kb.Enter)
	p.fits()
	p.accessible()
	p.shot("admin-platforms-open")
	p.click(".operator-lines [name=sure]")
	p.click(".operator-lines form:has([name=sure]) button")
	p.until("that the platform is deleted", `/platform was deleted/.test(document.querySelector('.notice')?.textContent) && document.querySelectorAll('.operator-lines > li').length === 1`)
	p.click(".operator-nav button")
	p.until("the door", `document.querySelector('#operator-key')`)
}
