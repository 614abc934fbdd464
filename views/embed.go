package views

import (
	"context"
	"slices"
	"strings"
)

// An Embed says how a lab is shown within another page: without the bar, and with no more than the controls that its
// place wants. It travels in the context, so that every lab can be embedded and none has to know.
type Embed struct {
	Chosen   bool     // whether Controls says which controls are shown; false shows all
	Controls []string // by name; "more" stands for those behind "More", the others are parts of the board, as css/lesson.css names them
}

type embedKey struct{}

// WithEmbed returns a context in which pages are rendered to be embedded.
func WithEmbed(ctx context.Context, e Embed) context.Context {
	return context.WithValue(ctx, embedKey{}, e)
}

func embedded(ctx context.Context) bool {
	_, is := ctx.Value(embedKey{}).(Embed)
	return is
}

// hides says whether a control is left out here, its value shown instead.
func hides(ctx context.Context, c Control) bool {
	e, is := ctx.Value(embedKey{}).(Embed)
	return is && e.Chosen && !slices.Contains(e.Controls, c.Name) && !(c.Rare && slices.Contains(e.Controls, "more"))
}

// chosenControls are the names that an embedded page's address gives, with and "all" where it gives none.
func chosenControls(ctx context.Context) string {
	e, _ := ctx.Value(embedKey{}).(Embed)
	if !e.Chosen {
		return "all"
	}
	return strings.Join(e.Controls, " ")
}

func choosesControls(ctx context.Context) bool {
	e, _ := ctx.Value(embedKey{}).(Embed)
	return e.Chosen
}

// anyShown says whether any of the controls is shown here.
func anyShown(ctx context.Context, controls []Control) bool {
	return slices.ContainsFunc(controls, func(c Control) bool { return !hides(ctx, c) })
}

// formAction is where a lab's form goes: an embedded lab stays embedded.
func formAction(ctx context.Context, action string) string {
	if embedded(ctx) {
		return strings.Replace(action, "/labs/", "/embed/", 1)
	}
	return action
}

// wholeLab is the lab's own page in the state of an embedded one.
func wholeLab(path string) string { return strings.Replace(path, "/embed/", "/labs/", 1) }

// shownValue is a control's value in words.
func shownValue(c Control) string {
	for _, o := range c.Options {
		if o.Value == c.Value {
			return o.Label
		}
	}
	return strings.Replace(c.Value, "-", "−", 1)
}
