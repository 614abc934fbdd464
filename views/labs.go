package views

import (
	"context"
	"net/url"
	"slices"
)

// A Lab is one of the labs, as the navigation names it and as a card announces it.
type Lab struct {
	Section     string // of its page: /labs/{section}
	Name        string // in the navigation
	Title, Text string // of its card
	Start       string // the query that a card leads to
	Sheet       string // its style sheet, without the ending; "" for none
}

type labsKey struct{}

// WithLabs returns a context in which pages know the labs of the site, in the order in which every page names them.
func WithLabs(ctx context.Context, labs []Lab) context.Context {
	return context.WithValue(ctx, labsKey{}, labs)
}

func labsOf(ctx context.Context) []Lab {
	labs, _ := ctx.Value(labsKey{}).([]Lab)
	return labs
}

func isLab(ctx context.Context, section string) bool {
	return slices.ContainsFunc(labsOf(ctx), func(lab Lab) bool { return lab.Section == section })
}

// sheets are the style sheets of a page, in the order of the cascade.
func sheets(ctx context.Context, f Frame) []string {
	all := []string{"tokens", "base", "lab", "net"}
	for _, lab := range labsOf(ctx) {
		if lab.Sheet != "" {
			all = append(all, lab.Sheet)
		}
	}
	all = append(all, "question", "lesson")
	if embedded(ctx) || f.Path != "/" && !isLab(ctx, f.Section) { // a lab's own page, as the first one is, has nothing of a class
		all = append(all, "class")
	}
	if f.Section == "class" {
		all = append(all, "plan", "homework")
	}
	return all
}

// Href is a path with a query, without a question mark where the query is empty.
func Href(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
