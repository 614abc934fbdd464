package board

import "gradlab/mlcore/experiment"

// A StreamResult is a stream as the API has it: one entry for the words as they come in, and one after each layer.
type StreamResult struct {
	Config     map[string]any `json:"config"`
	Difference Floats         `json:"difference"` // of the words, relative to their size; 0 where they are one
	Size       Floats         `json:"size"`       // root mean square length of a word
	Words      []string       `json:"words"`
	Places     [][]Floats     `json:"places"` // by word the two numbers that are drawn
}

// NewStreamResult writes every digit: a stream is computed in float64, and claims are computed with it, too.
func NewStreamResult(r experiment.StreamResult) StreamResult {
	out := StreamResult{
		Config: experiment.StreamTable().JSON(r.Config), Difference: Floats{r.Difference, 64}, Size: Floats{r.Size, 64}, Words: r.Config.Words(),
	}
	for _, layer := range r.Places {
		places := make([]Floats, len(layer))
		for i, p := range layer {
			places[i] = Floats{p[:], 64}
		}
		out.Places = append(out.Places, places)
	}
	return out
}
