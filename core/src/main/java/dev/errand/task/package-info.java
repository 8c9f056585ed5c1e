/**
 * Tasks: their requests, their rules, and the service. Read {@link dev.errand.task.Tasks} first.
 */
package dev.errand.task;
