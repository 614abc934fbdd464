// Package experiment holds the experiments that the labs show: a config, what it computes, and how a query writes it.
//
// The vocabulary: a config is the typed parameters of one experiment ([Chain], [Train] …); a field is one of them as a
// reader meets it; a [Table] binds fields to a config. The query string is a config's only saved form, and its canonical
// form is the identity of a run. The twin of a config is the same one with the skip connection the other way.
//
// The main flow: query → Parse → config → Run → result. A chain is one forward and backward pass; a training yields its
// steps one by one and ends when its context does:
//
//	config, errs := experiment.ParseTrain(query)
//	training := config.Prepare()
//	for step := range training.Steps(ctx) {
//		fmt.Println(step.Number, step.Loss)
//	}
//
// Equal configs give equal numbers, those of PyTorch: the seed, the order of the draws, the data and the arithmetic are
// PyTorch's. What a config may cost is bounded before anything is allocated. The package leaves out who runs what when
// (package runner), HTTP and HTML.
package experiment
