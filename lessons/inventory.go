package lessons

import "context"

// The concept inventory is ten questions, asked before the lessons and after them in other words: two lessons of predictions
// alone, the same topics in the same order, with the same ids.

// A Sitting is what one reader answered in one form: by a prediction's id.
type Sitting map[string]string

// Done says whether every question of a form is answered.
func (s Sitting) Done(form Lesson) bool {
	for _, p := range form.Predicts() {
		if _, answered := s[p.ID]; !answered {
			return false
		}
	}
	return len(form.Predicts()) > 0
}

// Truths computes the keys of a lesson's predictions, by their ids.
func (l Lesson) Truths(ctx context.Context, train Trainer) (map[string]float64, error) {
	truths := map[string]float64{}
	for _, p := range l.Predicts() {
		truth, err := p.Truth(ctx, train)
		if err != nil {
			return nil, err
		}
		truths[p.ID] = truth
	}
	return truths, nil
}

// Gain is the normalised gain: of what could be gained, the share that was (Hake 1998, American Journal of Physics 66, 64).
// Before and after are shares of 1; it is false where nothing could be gained.
func Gain(before, after float64) (gain float64, ok bool) {
	if before >= 1 {
		return 0, false
	}
	return (after - before) / (1 - before), true
}
