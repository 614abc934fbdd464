package handlers

import "gradlab/views"

// link is a path with a query.
var link = views.Href
