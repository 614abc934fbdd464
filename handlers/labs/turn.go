package labs

import (
	"net/http"

	"gradlab/handlers/web"
)

// ownWork is what a request takes of a core that computes its answer itself, in the multiply-adds by which runs are scheduled:
// some 10 ms. BenchmarkOwn measures the dearest of each kind.
const ownWork = 1.5e8

// turn waits until it is the turn of a request's reader to compute so much, in the schedule of the runs: so many that ask at once hold
// up a class no more than a few do. The turn is over when the answer is complete and begins to be written to the writer that
// comes back, since who reads slowly must not hold up others, or by end. Within it nothing may be waited for.
func (s *Site) turn(w http.ResponseWriter, r *http.Request, work float64) (_ http.ResponseWriter, end func(), err error) {
	if end, err = s.Runs.Pool.Turn(r.Context(), web.Reader(r.Context()), work); err != nil {
		return nil, nil, err
	}
	return &untilWritten{w, end}, end, nil
}

// InTurn has a handler wait for its turn first.
func (s *Site) InTurn(h web.Handler) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		w, end, err := s.turn(w, r, ownWork)
		if err != nil {
			return err
		}
		defer end()
		return h(w, r)
	}
}

// untilWritten calls end at the first byte.
type untilWritten struct {
	http.ResponseWriter
	end func()
}

func (u *untilWritten) WriteHeader(status int) {
	u.end()
	u.ResponseWriter.WriteHeader(status)
}

func (u *untilWritten) Write(b []byte) (int, error) {
	u.end()
	return u.ResponseWriter.Write(b)
}

func (u *untilWritten) Unwrap() http.ResponseWriter { return u.ResponseWriter }
