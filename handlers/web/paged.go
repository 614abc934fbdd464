package web

import (
	"net/http"
	"strconv"
)

// Paged is the page of a list that a request's query names, of so many entries at most, its number and how many pages there are, both from 1. A number
// that is none leads to the first, and one too high to the last.
func Paged[T any](r *http.Request, all []T, most int) (shown []T, page, pages int) {
	pages = max(1, (len(all)+most-1)/most)
	page, _ = strconv.Atoi(Query(r).Get("page"))
	page = min(max(page, 1), pages)
	return all[(page-1)*most : min(page*most, len(all))], page, pages
}
