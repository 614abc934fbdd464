package experiment

// activations are the functions that a layer may apply, by PyTorch's names.
func activations() []Option {
	return []Option{
		{"identity", "identity"}, {"tanh", "tanh"}, {"sigmoid", "sigmoid"}, {"relu", "ReLU"}, {"leaky_relu", "leaky ReLU"},
		{"elu", "ELU"}, {"selu", "SELU"}, {"gelu", "GELU"}, {"silu", "SiLU"}, {"softplus", "softplus"},
	}
}
