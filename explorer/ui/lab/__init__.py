"""The lab: nine experiments, each a question of a course on variational autoencoders."""
