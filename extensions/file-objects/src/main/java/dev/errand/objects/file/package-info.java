/**
 * An object store in a directory. {@link dev.errand.objects.file.FileObjectStore} is the entry
 * point; {@code ObjectDirectory} describes the layout and why a crash leaves each object intact.
 */
package dev.errand.objects.file;
