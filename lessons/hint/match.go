package hint

import "strings"

// match returns where a phrase that starts at a token ends. Of several ends it takes the nearest.
func (r *Rubric) match(p phrase, tokens []token, at int) (end int, ok bool) {
	if len(p) == 0 {
		return at, true
	}
	if p[0].gap {
		for skip := range maxGap + 1 {
			if end, ok := r.match(p[1:], tokens, at+skip); ok {
				return end, true
			}
		}
		return 0, false
	}
	if at >= len(tokens) || tokens[at].echo {
		return 0, false
	}
	if p[0].term != "" {
		for _, q := range r.terms[p[0].term] {
			if end, ok := r.match(q, tokens, at); ok {
				if end, ok = r.match(p[1:], tokens, end); ok {
					return end, true
				}
			}
		}
		return 0, false
	}
	t := tokens[at]
	if p[0].any || p[0].again {
		if t.kind != word || p[0].again && (at < 2 || t.stem != tokens[at-2].stem) {
			return 0, false
		}
		return r.match(p[1:], tokens, at+1)
	}
	if p[0].below1 {
		if !isBelow1(t) {
			return 0, false
		}
		return r.match(p[1:], tokens, at+1)
	}
	same := t.stem == p[0].stem
	switch {
	case p[0].exact:
		same = t.word == p[0].stem
	case p[0].prefix:
		same = strings.HasPrefix(t.word, p[0].stem)
	}
	if !same {
		return 0, false
	}
	return r.match(p[1:], tokens, at+1)
}
