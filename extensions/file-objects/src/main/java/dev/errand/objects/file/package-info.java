/**
 * Objects kept as files of one directory, so that they outlive the process. {@link
 * dev.errand.objects.file.FileObjectStore} is the way in; {@code ObjectDirectory} tells where
 * everything lies and why a kill at any moment leaves an object whole.
 */
package dev.errand.objects.file;
