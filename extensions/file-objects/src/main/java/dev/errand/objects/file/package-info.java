/**
 * An object store in a directory. {@link dev.errand.objects.file.FileObjectStore} is the entry
 * point; {@code ObjectDirectory} describes the layout and why a crash leaves each object intact.
 */
@NullMarked
package dev.errand.objects.file;

import org.jspecify.annotations.NullMarked;
