package labs

import (
	"net/url"
	"slices"
	"strings"

	"gradlab/mlcore/experiment"
	"gradlab/views"
)

// Frame is the embedded page of the lab at an address, as a class shows it: on the wall without controls. It is "" where the
// address leads to no lab.
func (all Labs) Frame(address string, wall bool) string {
	l, query, found := all.At(address)
	if !found {
		return ""
	}
	hand := strings.Join(l.Hand, ",")
	if wall {
		hand = "none"
	}
	embed := views.Href("/embed/"+l.Name, query)
	if hand == "" {
		return embed
	}
	joint := "?"
	if len(query) > 0 {
		joint = "&"
	}
	return embed + joint + "controls=" + hand
}

// Flip is the lab at an address with its skip the other way; false where there is none to flip.
func (all Labs) Flip(address string) (string, bool) {
	l, query, found := all.At(address)
	if !found {
		return "", false
	}
	twin := l.Page(query).Twin
	if twin == nil {
		return "", false
	}
	return l.href(twin), true
}

// Trains are the runs that the lab at an address trains when it is run; none where it trains nothing, or cannot be run.
func (all Labs) Trains(address string) []experiment.Run {
	l, query, found := all.At(address)
	if !found {
		return nil
	}
	return l.Page(query).Trains
}

// Truth finds a truth of the lab.
func (l Lab) Truth(path string, lower bool) (Truth, bool) {
	i := slices.IndexFunc(l.Truths, func(t Truth) bool { return t.Path == path && t.Lower == lower })
	if i < 0 {
		return Truth{}, false
	}
	return l.Truths[i], true
}

// Twins are the runs without and with the skip of the page that a query names; false where it cannot be run, or has no twin.
func (l Lab) Twins(query url.Values) (plain, residual url.Values, ok bool) {
	p := l.Page(query)
	if p.Errs != nil || p.Twin == nil {
		return nil, nil, false
	}
	plain, residual = p.Run, l.Page(p.Twin).Run
	if p.Residual {
		plain, residual = residual, plain
	}
	return plain, residual, true
}
