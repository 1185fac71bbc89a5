"""Construction and investment projects (工程建设项目): four stages, joint review, one clock over all of them.

Knows which items a project needs in which stage and who leads; the items' cases live in ``cases``, their clocks in ``deadlines``.
What is not here: who builds, contracts, payments, supervision of the site.
"""
