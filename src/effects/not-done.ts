/** How the answer begins of a restart that no service received (targets/far-end/services.sh). */
export const NOT_DONE = 'not restarted: ';
