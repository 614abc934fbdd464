package autograd

// Output returns the result of the last op within the scope with that path, which is the scope's output, or nil where
// the scope holds no op. It can be read until the next op is recorded after Reset.
func (t *Tape[T]) Output(path string) *Tensor[T] {
	for i := t.n - 1; i >= 0; i-- {
		n := t.ops[i].self()
		for scope := n.scope; scope != 0; scope = t.scopes.parents[scope] {
			if t.scopes.paths[scope] == path {
				return &n.out
			}
		}
	}
	return nil
}
