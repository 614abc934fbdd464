package views

import (
	"net/url"
	"slices"
)

// A Lab is one of the labs, as the navigation names it and as a card announces it.
type Lab struct {
	Section     string // of its page: /labs/{section}
	Name        string // in the navigation
	Title, Text string // of its card
	Start       string // the query that a card leads to
}

// Labs are all labs, in the order in which every page names them.
var Labs = []Lab{
	{Section: "chain", Name: "Chain", Title: "The chain", Text: "One number through up to a hundred layers, and every gradient on its way back."},
	{Section: "train", Name: "Training", Title: "Training", Start: "?depth=20&activation=tanh&steps=40",
		Text: "The notebook’s CNN learns random labels: plain and residual side by side, step by step."},
	{Section: "sweep", Name: "Sweep", Title: "Sweep", Text: "Deeper and deeper nets: which remedies keep the first layer’s gradient, and where plain nets begin to learn worse."},
	{Section: "kernels", Name: "Kernels", Title: "Kernels", Text: "A few weights slide over a garment or your own drawing; every product and sum is there to see."},
}

func isLab(section string) bool {
	return slices.ContainsFunc(Labs, func(lab Lab) bool { return lab.Section == section })
}

// Href is a path with a query, without a question mark where the query is empty.
func Href(path string, query url.Values) string {
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
