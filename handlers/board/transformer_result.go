package board

import "gradlab/mlcore/experiment"

// A TransformerResult is the two trainings as the API has them.
type TransformerResult struct {
	Config map[string]any   `json:"config"`
	Post   TrainedSequences `json:"post"` // norm(x + f(x))
	Pre    TrainedSequences `json:"pre"`  // x + f(norm(x))
}

// TrainedSequences is one of them.
type TrainedSequences struct {
	Parameters     int              `json:"parameters"`
	Losses         Floats           `json:"losses"`                // of each step's batch, before the update
	Accuracies     Floats           `json:"accuracies"`            // likewise, 0 to 1
	GradNorms      []Floats         `json:"grad_norms"`            // by step, of each layer's parameters together
	FirstToLast    Floats           `json:"first_to_last"`         // by step, the first layer's over the last's
	FirstGradNorms map[string]Float `json:"first_step_grad_norms"` // by PyTorch's name of the parameter
	TailLoss       Float            `json:"tail_loss"`             // mean of the last steps
	Test           Evaluation       `json:"test"`                  // of new sequences, after the last update
	Sequence       SequenceSaid     `json:"sequence"`
	Diverged       *Divergence      `json:"diverged,omitempty"`
}

// SequenceSaid is the first of those sequences.
type SequenceSaid struct {
	Reads  []int `json:"reads"`
	Wanted []int `json:"wanted"`
	Said   []int `json:"said"`
}

// NewTransformerResult writes numbers with the digits of the run's own precision; outcomes are post-LN's and pre-LN's.
func NewTransformerResult(c experiment.Transformer, outcomes []*experiment.Outcome) TransformerResult {
	return transformerResult(c, outcomes, Bits(c.DType))
}

// NewTransformerFacts writes every digit, since claims are computed with them.
func NewTransformerFacts(c experiment.Transformer, outcomes []*experiment.Outcome) TransformerResult {
	return transformerResult(c, outcomes, 64)
}

func transformerResult(c experiment.Transformer, outcomes []*experiment.Outcome, bits int) TransformerResult {
	return TransformerResult{experiment.TransformerTable().JSON(c), trainedSequences(outcomes[0], bits), trainedSequences(outcomes[1], bits)}
}

func trainedSequences(o *experiment.Outcome, bits int) TrainedSequences {
	r := TrainedSequences{
		Parameters: o.Info.Parameters, Losses: Floats{Bits: bits}, Accuracies: Floats{Bits: 64}, FirstToLast: Floats{Bits: 64},
		FirstGradNorms: gradNorms(o, bits), TailLoss: Float{experiment.Read(o).Loss, 64}, Test: evaluation(o.Test, bits),
		Sequence: SequenceSaid(*o.Sequence), Diverged: divergence(o),
	}
	for _, step := range o.Steps {
		r.Losses.Values, r.Accuracies.Values = append(r.Losses.Values, step.Loss), append(r.Accuracies.Values, step.Accuracy)
		r.GradNorms, r.FirstToLast.Values = append(r.GradNorms, Floats{step.GradNorms, bits}), append(r.FirstToLast.Values, firstToLast(step))
	}
	return r
}

// firstToLast is the gradient of the first layer over that of the last.
func firstToLast(s experiment.Step) float64 { return s.GradNorms[0] / s.GradNorms[len(s.GradNorms)-1] }
