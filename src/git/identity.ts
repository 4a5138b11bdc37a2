/** The commands that tell git who commits, a line each. */
export const SET_IDENTITY = `git config --global user.name "Your Name"
git config --global user.email you@example.org`;
