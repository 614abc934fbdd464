package experiment

import (
	"maps"
	"net/url"
)

// parseLab reads what a lab's page has in one query: an experiment, which parse knows, and how it is shown.
func parseLab[C, V any](query url.Values, parse func(url.Values) (C, FieldErrors), views Table[V]) (C, V, FieldErrors) {
	ofView, rest := url.Values{}, maps.Clone(query)
	for _, e := range views {
		if values, given := rest[e.Name]; given {
			ofView[e.Name] = values
			delete(rest, e.Name)
		}
	}
	config, errs := parse(rest)
	view, viewErrs := views.Parse(ofView)
	return config, view, errs.and(viewErrs)
}
