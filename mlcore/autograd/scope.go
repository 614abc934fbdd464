package autograd

// scopes is the tree of scope names that a program has opened; paths are built once, so that a step allocates
// nothing.
type scopes struct {
	paths   []string // by scope number; number 0 is the program itself, ""
	parents []int
	numbers map[scopeKey]int
	current int
}

type scopeKey struct {
	parent int
	name   string
}

func newScopes() scopes {
	return scopes{paths: []string{""}, parents: []int{0}, numbers: map[scopeKey]int{}}
}

func (s *scopes) push(name string) {
	key := scopeKey{s.current, name}
	number, known := s.numbers[key]
	if !known {
		number = len(s.paths)
		path := name
		if s.current != 0 {
			path = s.paths[s.current] + "." + name
		}
		s.paths = append(s.paths, path)
		s.parents = append(s.parents, s.current)
		s.numbers[key] = number
	}
	s.current = number
}

func (s *scopes) pop()   { s.current = s.parents[s.current] }
func (s *scopes) reset() { s.current = 0 }
