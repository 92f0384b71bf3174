//! `gradus fmt`.

use crate::Folder;

const UGLY: &str = "let big=deal_size>=5万 // ¥\n";
const NEAT: &str = "let big = deal_size >= 5万  // ¥\n";

#[test]
fn rewrites_in_place_and_then_changes_nothing() {
    let folder = Folder::new();
    folder.file("a.gradus", UGLY);
    folder.gradus(["fmt", "--check", "a.gradus"]).exits(1).prints("a.gradus");
    assert_eq!(folder.read("a.gradus"), UGLY);
    let done = folder.gradus(["fmt", "a.gradus"]).exits(0);
    assert_eq!((done.out.as_str(), done.err.as_str()), ("", ""));
    assert_eq!(folder.read("a.gradus"), NEAT);
    assert_eq!(folder.gradus(["fmt", "--check", "a.gradus"]).exits(0).out, "");
}

#[test]
fn stdin_to_stdout() {
    let folder = Folder::new();
    assert_eq!(folder.gradus_with(["fmt", "-"], UGLY).exits(0).out, NEAT);
    folder.gradus_with(["fmt", "--check", "-"], UGLY).exits(1);
    folder.gradus_with(["fmt", "--check", "-"], NEAT).exits(0);
}

#[test]
fn a_file_with_syntax_errors_is_left_as_it_is() {
    let folder = Folder::new();
    folder.file("broken.gradus", "let = {\n");
    folder.file("a.gradus", UGLY);
    let done = folder.gradus(["fmt", "broken.gradus", "a.gradus"]).exits(1);
    done.says("broken.gradus:1:").says("left as it is");
    assert_eq!(folder.read("broken.gradus"), "let = {\n");
    assert_eq!(folder.read("a.gradus"), NEAT);
    folder.gradus(["fmt", "none.gradus"]).exits(2).says("none.gradus");
}

#[cfg(unix)]
#[test]
fn permissions_and_links_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new();
    let file = folder.file("a.gradus", UGLY);
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o640)).expect("permissions");
    symlink(&file, folder.path("link.gradus")).expect("a link");
    folder.gradus(["fmt", "link.gradus"]).exits(0);
    assert_eq!(folder.read("a.gradus"), NEAT);
    let link = std::fs::symlink_metadata(folder.path("link.gradus")).expect("the link");
    assert!(link.is_symlink());
    assert_eq!(std::fs::metadata(&file).expect("the file").permissions().mode() & 0o777, 0o640);
}

#[test]
fn a_read_only_file_stays() {
    let folder = Folder::new();
    let file = folder.file("a.gradus", UGLY);
    let mut permissions = std::fs::metadata(&file).expect("the file").permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&file, permissions).expect("permissions");
    folder.gradus(["fmt", "a.gradus"]).exits(2).says("a.gradus: it is read-only");
    assert_eq!(folder.read("a.gradus"), UGLY);
}
