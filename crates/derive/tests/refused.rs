//! What the compiler says of structs that do not fit: each file of `refused` with what it says. `TRYBUILD=overwrite`
//! writes what it says today.

#[test]
fn what_does_not_fit_is_said_where_it_stands() {
    trybuild::TestCases::new().compile_fail("tests/refused/*.rs");
}
