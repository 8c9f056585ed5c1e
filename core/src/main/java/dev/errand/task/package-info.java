/** Tasks: the operations, their requests and results. Start with {@link dev.errand.task.Tasks}. */
package dev.errand.task;
