//! Files that are replaced whole or not at all.

use crate::error::Error;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile};

/// A file being written: a regular one appears under its name only when it is complete.
pub(crate) enum Replacement {
    /// Beside the target, until it is complete.
    Beside(NamedTempFile, PathBuf),
    /// A device or a pipe, which cannot be replaced.
    Direct(File),
}

impl Replacement {
    /// Begins; nothing of the target has changed yet. Follows links, so that a link stays one.
    pub(crate) fn begin(path: &Path) -> io::Result<Replacement> {
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let old = fs::metadata(&target).ok();
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            return File::options().write(true).open(path).map(Replacement::Direct);
        }
        if old.as_ref().is_some_and(|old| old.permissions().readonly()) {
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
        }
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = new_file(folder)?;
        if let Some(old) = old {
            file.as_file().set_permissions(old.permissions())?;
        }
        Ok(Replacement::Beside(file, target))
    }

    /// Puts the complete file in place.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.flush()?;
        match self {
            Replacement::Beside(file, target) => file.persist(target).map(drop).map_err(|error| error.error),
            Replacement::Direct(_) => Ok(()),
        }
    }
}

/// A temporary file with the permissions that a new file has.
fn new_file(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    builder.prefix(".gradus-");
    #[cfg(unix)]
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o666);
    #[cfg(unix)]
    builder.permissions(permissions);
    builder.tempfile_in(folder)
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Replacement::Beside(file, _) => file.write(bytes),
            Replacement::Direct(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Replacement::Beside(file, _) => file.flush(),
            Replacement::Direct(file) => file.flush(),
        }
    }
}

/// Gives a file a new text.
pub(crate) fn replace(path: &Path, text: &str) -> Result<(), Error> {
    let written = Replacement::begin(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.finish()
    });
    written.map_err(|source| Error::Output { file: path.display().to_string(), source })
}
