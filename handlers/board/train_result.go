package board

import (
	"gradlab/mlcore/experiment"
	"gradlab/mlcore/nn"
)

// A TrainResult is a finished run as the API has it.
type TrainResult struct {
	Config         map[string]any   `json:"config"`
	Parameters     int              `json:"parameters"`
	Losses         Floats           `json:"losses"`                // of each step's batch, before the update
	FirstGradNorms map[string]Float `json:"first_step_grad_norms"` // by PyTorch's name of the parameter
	Test           Evaluation       `json:"test"`
	Diverged       *Divergence      `json:"diverged,omitempty"`
}

// An Evaluation is what a set of images says of a net: the mean loss, and the share that is right.
type Evaluation struct {
	Loss     Float `json:"loss"`
	Accuracy Float `json:"accuracy"`
}

// A Divergence says where a run broke off.
type Divergence struct {
	Step    int    `json:"step"`
	Message string `json:"message"`
}

// NewTrainResult writes numbers with the digits of the run's own precision.
func NewTrainResult(o *experiment.Outcome) TrainResult { return trainResult(o, Bits(o.Train().DType)) }

func trainResult(o *experiment.Outcome, bits int) TrainResult {
	r := TrainResult{
		Config: experiment.TrainTable().JSON(o.Train()), Parameters: o.Info.Parameters, FirstGradNorms: gradNorms(o, bits),
		Losses: Floats{make([]float64, len(o.Steps)), bits}, Test: evaluation(o.Test, bits), Diverged: divergence(o),
	}
	for i, step := range o.Steps {
		r.Losses.Values[i] = step.Loss
	}
	return r
}

// gradNorms are those of the first step.
func gradNorms(o *experiment.Outcome, bits int) map[string]Float {
	norms := map[string]Float{}
	for name, norm := range o.FirstGradNorms {
		norms[name] = Float{norm, bits}
	}
	return norms
}

// divergence is where a run broke off; nil where it did not.
func divergence(o *experiment.Outcome) *Divergence {
	if last := o.Steps[len(o.Steps)-1]; last.Diverged {
		return &Divergence{last.Number, Diverged(last)}
	}
	return nil
}

func evaluation(e experiment.Evaluation, bits int) Evaluation {
	return Evaluation{Float{e.Loss, bits}, Float{e.Accuracy, 64}}
}

// TrainFacts are what lessons may name of a run: its result in full, the accuracy of each step's batch, and the mean loss of
// the last [experiment.Tail] steps.
type TrainFacts struct {
	TrainResult
	Accuracies Floats `json:"accuracies"`
	TailLoss   Float  `json:"tail_loss"`
}

// NewTrainFacts writes every digit, since claims are computed with them.
func NewTrainFacts(o *experiment.Outcome) TrainFacts {
	f := TrainFacts{trainResult(o, 64), Floats{make([]float64, len(o.Steps)), 64}, Float{experiment.Read(o).Loss, 64}}
	for i, step := range o.Steps {
		f.Accuracies.Values[i] = step.Accuracy
	}
	return f
}

// A Step is a step of a run as the stream and the page's script have it.
type Step struct {
	Step      int         `json:"step"`
	Loss      Float       `json:"loss"`
	Accuracy  Float       `json:"accuracy"`
	GradNorms Floats      `json:"grad_norms"` // by weighted layer
	Test      *Evaluation `json:"test,omitempty"`
}

// Steps writes steps of a run of that precision.
func Steps(steps []experiment.Step, dtype string) []Step {
	out, bits := make([]Step, len(steps)), Bits(dtype)
	for i, s := range steps {
		out[i] = Step{Step: s.Number, Loss: Float{s.Loss, bits}, Accuracy: Float{s.Accuracy, 64}, GradNorms: Floats{s.GradNorms, 32}}
		if s.Test != nil {
			e := evaluation(*s.Test, bits)
			out[i].Test = &e
		}
	}
	return out
}

// A NetworkResult is the net of a run as the API has it, which nothing is trained for.
type NetworkResult struct {
	Config map[string]any `json:"config"`
	Layers []NetworkLayer `json:"layers"`
	Size
	Twin NetworkTwin `json:"twin"`
}

// A Size is what a net weighs; multiply-adds are for one image.
type Size struct {
	Parameters   int   `json:"parameters"`
	MultiplyAdds int64 `json:"multiply_adds"`
}

// A NetworkLayer is one layer of a net.
type NetworkLayer struct {
	Name   string `json:"name"`
	Kind   string `json:"kind"`
	Output []int  `json:"output"`
	Size
}

// A NetworkTwin is the net with the skip the other way, and what it has more.
type NetworkTwin struct {
	Skip string `json:"skip"`
	Size
	MoreParameters   int   `json:"parameters_difference"`
	MoreMultiplyAdds int64 `json:"multiply_adds_difference"`
}

// NewNetworkResult counts a run's net.
func NewNetworkResult(config experiment.Train) NetworkResult {
	own, twin := config.Ledger(), config.Twin().Ledger()
	r := NetworkResult{
		Config: experiment.TrainTable().JSON(config), Layers: make([]NetworkLayer, len(own)), Size: sizeOf(own),
		Twin: NetworkTwin{
			Skip: config.Twin().Skip, Size: sizeOf(twin),
			MoreParameters: twin.Parameters() - own.Parameters(), MoreMultiplyAdds: twin.MultiplyAdds() - own.MultiplyAdds(),
		},
	}
	for i, layer := range own {
		r.Layers[i] = NetworkLayer{layer.Name, layer.Kind, layer.Output, Size{layer.Parameters, layer.MultiplyAdds}}
	}
	return r
}

func sizeOf(l nn.Ledger) Size { return Size{l.Parameters(), l.MultiplyAdds()} }

// NetworkFacts are what lessons may name of a net: its size, how many layers have weights, and how many parameters it has that
// its plain twin has not.
type NetworkFacts struct {
	Size
	Layers          int `json:"layers"`
	ExtraParameters int `json:"extra_parameters"`
}

// NewNetworkFacts counts a run's net.
func NewNetworkFacts(run experiment.Train) NetworkFacts {
	own, plain := run.Ledger(), run
	if run.Residual() {
		plain = run.Twin()
	}
	return NetworkFacts{Size: sizeOf(own), Layers: own.Weighted(), ExtraParameters: own.Parameters() - plain.Ledger().Parameters()}
}
