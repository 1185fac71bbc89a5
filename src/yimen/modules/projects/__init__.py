"""Construction and investment projects (工程建设项目): four stages, joint review, one clock over all of them."""
