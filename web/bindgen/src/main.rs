//! bindgen
fn main(){}
