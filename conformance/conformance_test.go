package conformance

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// The report keeps the rules of OpenACR's schema 0.1.0 (title, product and author with an address are required; dates, levels and names are
// text; a criterion has a number, a component a name and a level), of its catalog (which levels there are), and names every criterion of WCAG 2.2,
// A and AA, exactly once and in its order.
func TestReport(t *testing.T) {
	for version, contact := range map[string]string{"v1.2.3": "lab@example.edu", "(devel)": ""} {
		r, err := parse(YAML(version, contact))
		if err != nil {
			t.Fatal(err)
		}
		if r.Product.Version != version || contact != "" && (r.Author.Email != contact || r.Vendor.Email != contact) || contact == "" && !strings.Contains(r.Author.Email, "to be filled in") {
			t.Errorf("of %s: %+v, %+v", version, r.Product, r.Author)
		}
	}
	r := Accessibility()
	if r.Title == "" || r.Product.Name == "" || r.Methods == "" || r.Version < 1 || r.Catalog != "2.5-edition-wcag-2.2-en" || !r.Chapters.AAA.Disabled {
		t.Errorf("the report: %+v", r)
	}
	for _, date := range []string{r.ReportDate, r.Modified} {
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			t.Error(err)
		}
	}
	seen := map[string]int{}
	for n, chapter := range map[int]Chapter{32: r.Chapters.A, 24: r.Chapters.AA} {
		if len(chapter.Criteria) != n || chapter.Disabled {
			t.Errorf("%d criteria, want %d", len(chapter.Criteria), n)
		}
		if !slices.IsSortedFunc(chapter.Criteria, func(a, b Criterion) int { return slices.Compare(numbers(a.Num), numbers(b.Num)) }) {
			t.Error("the criteria do not stand in the order of WCAG")
		}
		for _, c := range chapter.Criteria {
			seen[c.Num]++
			if c.Name() == "" {
				t.Errorf("%s is no criterion of A or AA", c.Num)
			}
			if len(c.Components) != 1 || c.Components[0].Name != "web" {
				t.Errorf("%s is about %+v", c.Num, c.Components)
				continue
			}
			got := c.Components[0].Adherence
			if got.Level.Words() == "" || len(got.Notes) < 10 || !strings.HasSuffix(got.Notes, ".") {
				t.Errorf("%s: level %q, %q", c.Num, got.Level, got.Notes)
			}
		}
	}
	for num := range criteria {
		if seen[num] != 1 {
			t.Errorf("%s stands there %d times", num, seen[num])
		}
	}
}

// numbers are those of a criterion, which sort as WCAG has them: 1.4.9 before 1.4.10.
func numbers(num string) (parts []int) {
	for part := range strings.SplitSeq(num, ".") {
		n := 0
		for _, digit := range part {
			n = 10*n + int(digit-'0')
		}
		parts = append(parts, n)
	}
	return parts
}
