package export

import (
	"fmt"
	"strings"

	"gradlab/mlcore/experiment"
)

// Train is the script of a training run. It prints one line a step, the step and the loss before its update, and ends
// where the loss is no longer a number. A script writes the loss and the accuracy on the test images to its standard
// error. The link is where the run can be seen; it must hold no line break.
func Train(c experiment.Train, link string) Script {
	needs := "Needs PyTorch 1.13 or later"
	if c.Data == "fashion" {
		needs += " and torchvision"
	}
	return Script{
		name:  trainName(c),
		title: "Gradient Lab: " + trainTitle(c),
		link:  link,
		usage: needs + ". Prints each step and its loss; the test follows on standard error.",
		cells: []cell{"imports", "data", cell(c.Net), "training", "test"},
		view:  trainView{Train: c},
	}
}

func trainName(c experiment.Train) string {
	parts := []string{"train", c.Net}
	switch c.Net {
	case "deep":
		parts = append(parts, layers(6*c.N+2), c.Norm)
	case "mlp":
		parts = append(parts, layers(c.Depth))
	default:
		parts = append(parts, layers(c.Depth+2))
	}
	return strings.Join(append(parts, c.Activation, skipName(c)), "-")
}

// skipName is a kind of skip connection in a file's name.
func skipName(c experiment.Train) string {
	switch {
	case !c.Residual():
		return "plain"
	case c.Net == "deep":
		return "option-" + c.Skip
	}
	return c.Skip
}

func trainTitle(c experiment.Train) string {
	skip := "no skip connections"
	switch {
	case !c.Residual():
	case c.Net == "deep":
		skip = "skip connections (option " + c.Skip + ")"
	case c.Net == "mlp":
		skip = "skip connections (" + c.Skip + ")"
	default:
		skip = "skip connections"
	}
	switch {
	case c.Net == "deep":
		return fmt.Sprintf("a CNN of %d weighted layers, %s, %s.", 6*c.N+2, c.Activation, skip)
	case c.Net == "mlp":
		return fmt.Sprintf("a fully connected net of %s, %s, %s.", counted(c.Depth, "hidden layer"), c.Activation, skip)
	case c.Depth == 0:
		return fmt.Sprintf("the notebook's CNN, %s.", c.Activation)
	}
	return fmt.Sprintf("the notebook's CNN with %s, %s, %s.", counted(c.Depth, "further convolution"), c.Activation, skip)
}

// trainView is a run as the templates see it.
type trainView struct {
	experiment.Train
	Script bool // as against a notebook
}

func (v trainView) as(script bool) view {
	v.Script = script
	return v
}

// Act writes the activation of an expression.
func (v trainView) Act(expression string) string { return apply(v.Activation, expression) }

// Fashion says whether the images are garments.
func (v trainView) Fashion() bool { return v.Data == "fashion" }

// Double says whether the net is trained in float64.
func (v trainView) Double() bool { return v.DType == "float64" }

// Normed says whether the net has normalisation layers.
func (v trainView) Normed() bool { return v.Net != "notebook" && v.Norm != "none" }

// BatchNormed says whether the net acts otherwise in training than in use.
func (v trainView) BatchNormed() bool { return v.Normed() && v.Norm == "batch" }

// Normalise writes a module of the net, by its name, around an expression, or the expression alone.
func (v trainView) Normalise(module, expression string) string {
	if !v.Normed() {
		return expression
	}
	return module + "(" + expression + ")"
}

// NewNorm writes the construction of a normalisation layer of so many channels, a number or a name of the script's. A
// group norm has four groups, or one a channel.
func (v trainView) NewNorm(channels any) string {
	number, fixed := channels.(int)
	switch {
	case v.Norm == "group" && fixed:
		return fmt.Sprintf("nn.GroupNorm(%d, %d)", min(4, number), number)
	case v.Norm == "layer":
		return fmt.Sprintf("nn.LayerNorm(%v)", channels)
	case v.Norm == "group" && v.Channels < 4:
		return fmt.Sprintf("nn.GroupNorm(min(4, %v), %[1]v)", channels)
	case v.Norm == "group":
		return fmt.Sprintf("nn.GroupNorm(4, %v)", channels)
	case v.Net == "mlp":
		return fmt.Sprintf("nn.BatchNorm1d(%v)", channels)
	}
	return fmt.Sprintf("nn.BatchNorm2d(%v)", channels)
}

// Stages are the channels of a deep net's three stages.
func (v trainView) Stages() [3]int { return [3]int{v.Channels, 2 * v.Channels, 4 * v.Channels} }

// Bias is the argument that spares a convolution its bias where a normalisation would take it away again.
func (v trainView) Bias() string {
	if v.Normed() {
		return ", bias=False"
	}
	return ""
}

// Weighted is the number of a deep net's weighted layers.
func (v trainView) Weighted() int { return 6*v.N + 2 }

// Initialise writes what draws an MLP's weight anew; nothing where PyTorch's own draw stays.
func (v trainView) Initialise(weight string) string {
	switch v.Init {
	case "xavier_uniform", "xavier_normal":
		return fmt.Sprintf("nn.init.%s_(%s)", v.Init, weight)
	case "kaiming_uniform", "kaiming_normal":
		return fmt.Sprintf("nn.init.%s_(%s, nonlinearity=\"relu\")", v.Init, weight)
	case "small_normal":
		return fmt.Sprintf("nn.init.normal_(%s, std=0.01)", weight)
	case "large_normal":
		return fmt.Sprintf("nn.init.normal_(%s, std=1.0)", weight)
	}
	return ""
}

// Linear is the function that constructs an MLP's layers: one of the script's own where the weights are drawn anew.
func (v trainView) Linear() string {
	if v.Init == "default" {
		return "nn.Linear"
	}
	return "linear"
}

// Layers writes what an MLP walks over, and the names of what it finds: the layers, and what each of them has beside it.
func (v trainView) Layers() string {
	names, lists := "layer", "self.hidden"
	add := func(name, list string) { names, lists = names+", "+name, lists+", "+list }
	if v.Normed() {
		add("norm", "self.norms")
	}
	switch v.Skip {
	case "highway":
		add("gate", "self.gates")
	case "rezero":
		add("alpha", "self.alphas")
	}
	if names == "layer" {
		return "layer in self.hidden"
	}
	return names + " in zip(" + lists + ")"
}

// Optim writes the optimiser of torch.optim.
func (v trainView) Optim() string {
	class, more := "SGD", ""
	switch v.Optimizer {
	case "momentum":
		more = ", momentum=0.9"
	case "nesterov":
		more = ", momentum=0.9, nesterov=True"
	case "rmsprop":
		class = "RMSprop"
	case "adam":
		class = "Adam"
	case "adamw":
		class = "AdamW"
	}
	return fmt.Sprintf("torch.optim.%s(net.parameters(), lr=%s%s)", class, float(v.LR), more)
}
